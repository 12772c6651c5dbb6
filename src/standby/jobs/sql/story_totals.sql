-- What became of offers and messages since counting began.
SELECT metric, labels, amount, seconds, counts FROM story_totals ORDER BY metric, labels
