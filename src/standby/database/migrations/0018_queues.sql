-- Queues in view: paused queues, workers and what they have in hand, what they did, and where a slot's story began
-- depends: 0017_accounts

-- migrate: apply

-- Queues that no worker takes from. Their jobs stay queued, and their deadlines stay what they are.
CREATE TABLE queue_pauses (
    queue      text PRIMARY KEY,
    paused_at  timestamptz NOT NULL,
    paused_by  text NOT NULL
);

-- Worker processes, by their own word. One that ended well takes its row away; one that died goes silent.
CREATE TABLE workers (
    id          uuid PRIMARY KEY,
    host        text NOT NULL,
    pid         integer NOT NULL,
    version     text NOT NULL,
    started_at  timestamptz NOT NULL,
    beat_at     timestamptz NOT NULL,
    in_hand     jsonb NOT NULL DEFAULT '{}'  -- queue → jobs
) WITH (fillfactor = 50);

-- What the workers did, by queue (timers: by timer, where waits are how late each round of it was) and minute. The row of
-- minute '-infinity' has all that ever was. The counts are by class of jobs/gate.py, the last one for what took longer.
CREATE TABLE work_minutes (
    what         text NOT NULL,
    minute       timestamptz NOT NULL,
    completed    bigint NOT NULL,
    failed       bigint NOT NULL,
    retried      bigint NOT NULL,
    run_seconds  double precision NOT NULL,
    run_counts   bigint[] NOT NULL,
    wait_seconds double precision NOT NULL,
    wait_counts  bigint[] NOT NULL,
    PRIMARY KEY (what, minute)
) WITH (fillfactor = 50);
CREATE INDEX work_minutes_by_time ON work_minutes (minute);

-- What became of offers and messages since counting began, for /metrics: counted from history and message_events by
-- count_story(), which has counted all until the one row of story_counted.
CREATE TABLE story_totals (
    metric   text NOT NULL,
    labels   text[] NOT NULL,
    amount   bigint NOT NULL,
    seconds  double precision NOT NULL,
    counts   bigint[] NOT NULL,
    PRIMARY KEY (metric, labels)
) WITH (fillfactor = 50);
CREATE TABLE story_counted (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    until  timestamptz NOT NULL
);
-- Both grow in the order of time, so an index of their blocks is enough to find the last minute.
CREATE INDEX history_by_time ON history USING brin (at) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX message_events_by_time ON message_events USING brin (at) WITH (pages_per_range = 16, autosummarize = on);

-- Which request opened a slot (its id, and its trace if there was one): every job about the slot goes on with it.
ALTER TABLE slots ADD COLUMN origin jsonb;
ALTER TABLE slots ALTER COLUMN origin SET DEFAULT nullif(current_setting('standby.origin', true), '')::jsonb;

GRANT SELECT, INSERT, UPDATE, DELETE ON queue_pauses, workers, work_minutes TO standby_worker;
GRANT SELECT ON story_totals TO standby_worker;
GRANT SELECT, INSERT, UPDATE ON story_totals, story_counted TO standby_system;

-- migrate: rollback
ALTER TABLE slots DROP COLUMN origin;
DROP INDEX message_events_by_time;
DROP INDEX history_by_time;
DROP TABLE story_counted;
DROP TABLE story_totals;
DROP TABLE work_minutes;
DROP TABLE workers;
DROP TABLE queue_pauses;
