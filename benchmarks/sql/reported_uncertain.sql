-- The messages of which the operator is told that they may have gone out twice, or not at all.
SELECT id FROM uncertain_messages()
