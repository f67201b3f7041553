-- One file holds what was last read from Discogs (the snapshot) and what is still to be told to it (the outbox),
-- so that an edit and its place in the outbox are kept or lost together.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE folder (
    folder_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    position INTEGER NOT NULL            -- the order in which Discogs lists them
);

CREATE TABLE field (
    field_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    public INTEGER NOT NULL,
    options TEXT NOT NULL,               -- JSON list, [] for a textarea
    lines INTEGER NOT NULL
);

CREATE TABLE item (
    instance_id INTEGER PRIMARY KEY,
    release_id INTEGER NOT NULL,
    folder_id INTEGER NOT NULL,
    rating INTEGER NOT NULL,
    added TEXT NOT NULL,
    artist TEXT NOT NULL,
    title TEXT NOT NULL,
    label TEXT NOT NULL,
    catno TEXT NOT NULL,
    format TEXT NOT NULL,
    year INTEGER NOT NULL,
    genre TEXT NOT NULL,
    search TEXT NOT NULL,
    notes TEXT,                          -- JSON object field id -> value; {} known to be empty; NULL not seen
    master_id INTEGER NOT NULL,
    cover TEXT NOT NULL
);

-- Items that a whole reading no longer found, or that were removed from here: never simply dropped.
CREATE TABLE vanished (
    instance_id INTEGER PRIMARY KEY,
    vanished_at REAL NOT NULL,
    item TEXT NOT NULL,                  -- JSON of the item with its notes
    cause TEXT NOT NULL                  -- removed (from here), missing (at Discogs)
);

-- Changes that Discogs has not confirmed, in the order in which they are to be sent.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    change TEXT NOT NULL,                -- JSON
    steps TEXT NOT NULL,                 -- JSON list of the undo steps that it came from
    state TEXT NOT NULL,                 -- waiting, sending, unknown, conflict, blocked, parked
    not_before REAL NOT NULL,            -- seconds since 1970
    seen TEXT,                           -- JSON list: the release's instances noted before an addition was sent
    created_at REAL NOT NULL,
    checks INTEGER NOT NULL,             -- readings that looked for an addition of unknown outcome in vain
    sendings INTEGER NOT NULL,           -- sendings of an addition that no reading found afterwards
    reason TEXT NOT NULL                 -- why it does not go on, "" when nothing is known
);

-- What became of every change that left the outbox, in the words of its time: names and folders change.
CREATE TABLE history (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    change TEXT NOT NULL,
    outcome TEXT NOT NULL,               -- sent, refused, dropped (by the person)
    reason TEXT NOT NULL,                -- of a refusal: the error's name and the server's words
    created_at REAL NOT NULL,
    ended_at REAL NOT NULL,
    title TEXT NOT NULL,                 -- the item or folder
    field TEXT NOT NULL,                 -- the notes field's name, "" for what is no note
    before TEXT NOT NULL,                -- what was there: a text, a rating, a folder's name
    after TEXT NOT NULL,
    search TEXT NOT NULL,                -- all of these, folded
    open INTEGER NOT NULL                -- refused, and the person has not yet said what to do about it
);
CREATE INDEX history_open ON history (open) WHERE open;

-- The person's edits in their order, for undo and redo across restarts.
CREATE TABLE step (
    step_id INTEGER PRIMARY KEY AUTOINCREMENT,
    verb TEXT NOT NULL,
    changes TEXT NOT NULL,               -- JSON list
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX step_undone ON step (undone) WHERE undone;

-- Which steps are one edit, because a large one is kept in parts, and what became of them.
CREATE TABLE part (
    step_id INTEGER PRIMARY KEY,
    edit INTEGER NOT NULL,               -- the first step of the same edit
    sent INTEGER NOT NULL,               -- how many of its changes Discogs has confirmed
    refused TEXT NOT NULL                -- JSON list of its changes that Discogs declined
);
CREATE INDEX part_of_edit ON part (edit);

-- Ids that were replaced: a temporary one by the one that Discogs gave, a removed item by its new instance.
CREATE TABLE alias (
    kind TEXT NOT NULL,                  -- item, folder
    old INTEGER NOT NULL,
    new INTEGER NOT NULL,
    PRIMARY KEY (kind, old)
) WITHOUT ROWID;
