"""Users, what they may do in which salon, how they sign in, and the programs that act for a salon."""
