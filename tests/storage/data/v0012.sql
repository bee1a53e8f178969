-- A database as version 12 of the schema wrote it, with a row of each table and sort. Never changed.
PRAGMA user_version = 12;
BEGIN TRANSACTION;
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    stu_id TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    sealed_cookie BLOB NULL,
    pasted_at TEXT NULL,
    expires_at TEXT NULL,
    expired_at TEXT NULL,
    created_at TEXT NOT NULL, homework INTEGER NOT NULL DEFAULT 0, exams INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, cookie_asked_on TEXT NULL, said_homework INTEGER NULL, said_exams INTEGER NULL, cookie_number INTEGER NOT NULL DEFAULT 0, platform TEXT NOT NULL DEFAULT 'zjy'
    CHECK (platform IN ('zjy', 'spoc')), asked_on TEXT NULL, asked INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0),
    UNIQUE (chat_id, stu_id)
) STRICT;
INSERT INTO "accounts" VALUES(1,1001,'stu-1','张三','91',X'01C5800534C44A92972F2342BEFDB7B963129C61644B48DAD2766A502DFB0E4162087920F782658BF4F7483C273EDBB911FC','2021-03-01T07:01:00.000000+00:00','2021-03-01T17:01:00.000000+00:00',NULL,'2021-03-01T07:01:00.000000+00:00',3,1,2,NULL,3,0,3,'zjy',NULL,0);
INSERT INTO "accounts" VALUES(2,1002,'stu-1','张三','92',X'01C5800534C44A9297C71D5A9B5F3DFE9CEE4B9DACAAE3383F83FD0ED69937B978E9E12FA4C1E3098F6F464D4B176F8131AB','2021-03-01T07:01:00.000000+00:00','2021-03-01T17:01:00.000000+00:00',NULL,'2021-03-01T07:01:00.000000+00:00',0,0,0,NULL,NULL,NULL,0,'zjy',NULL,0);
INSERT INTO "accounts" VALUES(3,1002,'stu-2','李四','93',X'01C5800534C44A929719D76CB070AD8B87317B0DA63E2EA4FE546E085DB47FD07A6377B08971FB5CD1FB735EB0E0A00E61D0','2021-03-01T07:01:00.000000+00:00','2021-03-01T17:01:00.000000+00:00',NULL,'2021-03-01T07:01:00.000000+00:00',0,0,0,NULL,NULL,NULL,0,'zjy',NULL,0);
INSERT INTO "accounts" VALUES(4,1003,'stu-3','王五','94',X'01C5800534C44A9297E7E2BDB8C1BE5816574D3231CD4DB272EA51328B7A5B4EFDE61D2D7A686DBC00166B4F753AD2745787','2021-03-01T07:01:00.000000+00:00','2021-03-01T17:01:00.000000+00:00','2021-03-01T07:40:00.000000+00:00','2021-03-01T07:01:00.000000+00:00',0,0,0,'2021-03-01',NULL,NULL,0,'zjy',NULL,0);
INSERT INTO "accounts" VALUES(5,1003,'stu-4','OBrien; «引号»','95',NULL,NULL,NULL,NULL,'2021-03-01T07:01:00.000000+00:00',0,0,0,NULL,NULL,NULL,0,'zjy',NULL,0);
INSERT INTO "accounts" VALUES(106,1003,'spoc:1','张三','',NULL,NULL,NULL,NULL,'2021-03-01T08:00:00.000000+00:00',0,0,0,NULL,NULL,NULL,0,'spoc','2021-03-01',7);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN (
        'claimed', 'invite_made', 'invite_used', 'invite_revoked', 'removed', 'let_in_again',
        'logged_in', 'limited'
    )),
    user_id INTEGER NULL,
    detail TEXT NULL
) STRICT;
INSERT INTO "audit" VALUES(1,'2021-03-01T08:00:00.000000+00:00','claimed',1,NULL);
INSERT INTO "audit" VALUES(2,'2021-03-01T08:00:00.000000+00:00','invite_made',1,'1');
INSERT INTO "audit" VALUES(3,'2021-03-01T08:00:00.000000+00:00','invite_used',2,'1');
INSERT INTO "audit" VALUES(4,'2021-03-01T08:00:00.000000+00:00','invite_revoked',1,'2');
INSERT INTO "audit" VALUES(5,'2021-03-01T08:00:00.000000+00:00','removed',2,NULL);
INSERT INTO "audit" VALUES(6,'2021-03-01T08:00:00.000000+00:00','let_in_again',2,NULL);
INSERT INTO "audit" VALUES(7,'2021-03-01T08:00:00.000000+00:00','logged_in',NULL,NULL);
INSERT INTO "audit" VALUES(8,'2021-03-01T08:00:00.000000+00:00','limited',2,'jobs');
CREATE TABLE "chats" (
    chat_id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    language TEXT NULL,
    language_code TEXT NULL,
    pace TEXT NOT NULL DEFAULT '1' CHECK (pace IN ('1', '1.5', '2')),
    time_zone TEXT NOT NULL DEFAULT 'Asia/Shanghai',
    notify_bar INTEGER NOT NULL DEFAULT 1 CHECK (notify_bar IN (0, 1)),
    notify_outage INTEGER NOT NULL DEFAULT 1 CHECK (notify_outage IN (0, 1)),
    notify_expiry INTEGER NOT NULL DEFAULT 1 CHECK (notify_expiry IN (0, 1)),
    awaiting TEXT NULL CHECK (awaiting IN ('cookie', 'zone', 'digest_time')),
    active_account INTEGER NULL REFERENCES accounts ON DELETE SET NULL,
    blocked_at TEXT NULL,
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO "chats" VALUES(1001,1001,'zh','zh-hans','1','Europe/Berlin',0,0,0,'zone',1,NULL,'2021-03-01T07:00:00.000000+00:00');
INSERT INTO "chats" VALUES(1002,1002,NULL,'en','1.5','Asia/Shanghai',1,1,1,'cookie',3,NULL,'2021-03-01T07:00:00.000000+00:00');
INSERT INTO "chats" VALUES(1003,1003,NULL,NULL,'2','Asia/Shanghai',1,1,1,'digest_time',NULL,'2021-03-01T07:50:00.000000+00:00','2021-03-01T07:00:00.000000+00:00');
CREATE TABLE course_snapshots (
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    percent REAL NOT NULL,
    cell_count INTEGER NULL,
    studied_count INTEGER NULL,
    PRIMARY KEY (course_id, local_date)
) STRICT, WITHOUT ROWID;
INSERT INTO "course_snapshots" VALUES(1,'2021-03-01',12.5,140,17);
CREATE TABLE courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    course_open_id TEXT NOT NULL,
    open_class_id TEXT NOT NULL,
    name TEXT NOT NULL,
    teacher TEXT NOT NULL,
    term TEXT NOT NULL,
    score REAL NOT NULL,
    position INTEGER NULL,
    cell_count INTEGER NULL,
    studied_count INTEGER NULL,
    seen_at TEXT NOT NULL, current INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1)), found_at TEXT NULL, full_name TEXT NOT NULL DEFAULT '', chat_name TEXT NOT NULL DEFAULT '', percent REAL NULL, percent_at TEXT NULL,
    UNIQUE (account_id, course_open_id, open_class_id)
) STRICT;
INSERT INTO "courses" VALUES(1,1,'open-1','class-1','Java程序设计','陈剑英','2021春',88.5,0,140,17,'2021-03-01T07:02:00.000000+00:00',1,'2021-03-01T08:00:00.000000+00:00','Java程序设计 · 2021','Java程序设计 · 1',12.5,'2021-03-01T07:02:00.000000+00:00');
INSERT INTO "courses" VALUES(2,1,'open-2','class-2','大学英语','陈剑英','2021春',88.5,1,30,17,'2021-03-01T07:02:00.000000+00:00',0,NULL,'大学英语','大学英语',100.0,'2021-03-01T07:02:00.000000+00:00');
INSERT INTO "courses" VALUES(3,2,'open-3','class-3','Java程序设计','陈剑英','2021春',88.5,0,NULL,NULL,'2021-03-01T07:02:00.000000+00:00',1,NULL,'Java程序设计','Java程序设计',NULL,NULL);
INSERT INTO "courses" VALUES(4,3,'open-4','class-4','高等数学','陈剑英','2021春',88.5,0,NULL,NULL,'2021-03-01T07:02:00.000000+00:00',0,NULL,'高等数学','高等数学',0.0,'2021-03-01T07:02:00.000000+00:00');
INSERT INTO "courses" VALUES(5,4,'open-5','class-5','不再开设','陈剑英','2021春',88.5,NULL,NULL,NULL,'2021-03-01T07:02:00.000000+00:00',0,NULL,'不再开设','不再开设',3.0,'2021-03-01T07:02:00.000000+00:00');
INSERT INTO "courses" VALUES(6,5,'open-6','class-6','体育','陈剑英','2021春',88.5,0,NULL,NULL,'2021-03-01T07:02:00.000000+00:00',0,NULL,'体育','体育',0.0,'2021-03-01T07:02:00.000000+00:00');
CREATE TABLE digest_settings (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    is_on INTEGER NOT NULL DEFAULT 0 CHECK (is_on IN (0, 1)),
    at TEXT NOT NULL DEFAULT '21:00'
        CHECK (at GLOB '[0-2][0-9]:[0-5][0-9]' AND at < '24:00'),
    days TEXT NOT NULL DEFAULT 'daily' CHECK (days IN ('daily', 'weekdays', 'weekly')),
    weekday INTEGER NOT NULL DEFAULT 6 CHECK (weekday BETWEEN 0 AND 6),
    no_news TEXT NOT NULL DEFAULT 'one_line' CHECK (no_news IN ('one_line', 'silent')),
    quiet_from TEXT NOT NULL DEFAULT '22:30'
        CHECK (quiet_from GLOB '[0-2][0-9]:[0-5][0-9]' AND quiet_from < '24:00'),
    quiet_until TEXT NOT NULL DEFAULT '07:30'
        CHECK (quiet_until GLOB '[0-2][0-9]:[0-5][0-9]' AND quiet_until < '24:00'),
    watch_times INTEGER NOT NULL DEFAULT 0 CHECK (watch_times BETWEEN 0 AND 6),
    watched_at TEXT NULL,
    start_hour INTEGER NULL CHECK (start_hour BETWEEN 0 AND 23),
    start_armed_at TEXT NULL,
    zone TEXT NOT NULL,
    zone_since TEXT NOT NULL,
    armed_at TEXT NOT NULL,
    reported_until TEXT NULL
) STRICT;
INSERT INTO "digest_settings" VALUES(1001,1,'21:00','daily',6,'one_line','22:30','07:30',2,'2021-03-01T08:00:00.000000+00:00',7,'2021-03-01T08:00:00.000000+00:00','Europe/Berlin','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "digest_settings" VALUES(1002,0,'21:00','weekdays',6,'silent','22:30','07:30',0,NULL,NULL,NULL,'Asia/Shanghai','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00',NULL);
INSERT INTO "digest_settings" VALUES(1003,1,'21:00','weekly',6,'silent','22:30','07:30',0,NULL,NULL,NULL,'Asia/Shanghai','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00',NULL);
CREATE TABLE digests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'start')),
    local_date TEXT NOT NULL CHECK (local_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    claimed_at TEXT NULL,
    sent_at TEXT NULL,
    skipped_at TEXT NULL,
    reason TEXT NULL CHECK (reason IN (
        'down', 'broken', 'unsaid', 'no_news', 'blocked', 'nothing_to_start'
    )),
    told_at TEXT NULL,
    UNIQUE (chat_id, kind, local_date)
) STRICT;
INSERT INTO "digests" VALUES(1,1001,'digest','2021-03-01','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "digests" VALUES(2,1001,'start','2021-03-01','2021-03-01T08:00:00.000000+00:00',NULL,NULL,NULL,NULL);
INSERT INTO "digests" VALUES(3,1002,'digest','2021-03-01',NULL,NULL,'2021-03-01T08:00:00.000000+00:00','down','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "digests" VALUES(4,1002,'digest','2021-03-02',NULL,NULL,'2021-03-01T08:00:00.000000+00:00','broken','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "digests" VALUES(5,1002,'digest','2021-03-03',NULL,NULL,'2021-03-01T08:00:00.000000+00:00','unsaid','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "digests" VALUES(6,1002,'digest','2021-03-04',NULL,NULL,'2021-03-01T08:00:00.000000+00:00','no_news','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "digests" VALUES(7,1002,'digest','2021-03-05',NULL,NULL,'2021-03-01T08:00:00.000000+00:00','blocked','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "digests" VALUES(8,1002,'digest','2021-03-06',NULL,NULL,'2021-03-01T08:00:00.000000+00:00','nothing_to_start','2021-03-01T08:00:00.000000+00:00');
CREATE TABLE draft_cells (
    draft_id INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE,
    position INTEGER NOT NULL,
    module_id TEXT NOT NULL,
    module_name TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    cell_id TEXT NOT NULL,
    cell_name TEXT NOT NULL,
    category TEXT NOT NULL,
    percent REAL NULL,
    PRIMARY KEY (draft_id, position),
    UNIQUE (draft_id, cell_id)
) STRICT;
INSERT INTO "draft_cells" VALUES(1,0,'module-1','第一章','topic-1','第一节','cell-1-0','视频 0','视频',NULL);
INSERT INTO "draft_cells" VALUES(1,1,'module-1','第一章','topic-1','第一节','cell-1-1','office文档 1','office文档',25.0);
INSERT INTO "draft_cells" VALUES(1,2,'module-1','第一章','topic-1','第一节','cell-1-2','图片 2','图片',50.0);
INSERT INTO "draft_cells" VALUES(1,3,'module-1','第一章','topic-1','第一节','cell-1-3','测验 3','测验',75.0);
INSERT INTO "draft_cells" VALUES(2,0,'module-1','第一章','topic-1','第一节','cell-2-0','视频 0','视频',0.0);
INSERT INTO "draft_cells" VALUES(2,1,'module-1','第一章','topic-1','第一节','cell-2-1','office文档 1','office文档',25.0);
INSERT INTO "draft_cells" VALUES(2,2,'module-1','第一章','topic-1','第一节','cell-2-2','图片 2','图片',50.0);
INSERT INTO "draft_cells" VALUES(2,3,'module-1','第一章','topic-1','第一节','cell-2-3','测验 3','测验',75.0);
INSERT INTO "draft_cells" VALUES(11,0,'module-1','第一章','topic-1','第一节','cell-11-0','视频 0','视频',0.0);
INSERT INTO "draft_cells" VALUES(11,1,'module-1','第一章','topic-1','第一节','cell-11-1','office文档 1','office文档',25.0);
INSERT INTO "draft_cells" VALUES(11,2,'module-1','第一章','topic-1','第一节','cell-11-2','图片 2','图片',50.0);
INSERT INTO "draft_cells" VALUES(11,3,'module-1','第一章','topic-1','第一节','cell-11-3','测验 3','测验',75.0);
CREATE TABLE draft_modules (
    draft_id INTEGER NOT NULL REFERENCES drafts ON DELETE CASCADE,
    module_row INTEGER NOT NULL REFERENCES modules ON DELETE CASCADE,
    PRIMARY KEY (draft_id, module_row)
) STRICT, WITHOUT ROWID;
INSERT INTO "draft_modules" VALUES(1,1);
INSERT INTO "draft_modules" VALUES(1,2);
INSERT INTO "draft_modules" VALUES(2,3);
INSERT INTO "draft_modules" VALUES(10,4);
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    message_id INTEGER NULL,
    state TEXT NOT NULL
        CHECK (state IN ('choosing', 'reading', 'ready', 'started', 'dropped')),
    pace TEXT NOT NULL CHECK (pace IN ('1', '1.5', '2')),
    read_at TEXT NULL,
    created_at TEXT NOT NULL
, batch INTEGER NULL REFERENCES drafts ON DELETE SET NULL, notice_id INTEGER NULL REFERENCES notices (id) ON DELETE SET NULL, is_whole INTEGER NOT NULL DEFAULT 0 CHECK (is_whole IN (0, 1))) STRICT;
INSERT INTO "drafts" VALUES(1,1001,1,1,501,'started','1.5','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(2,1002,2,3,502,'started','2','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(3,1001,1,1,503,'started','1','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(4,1003,4,5,504,'started','1.5','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(5,1002,3,4,505,'started','2','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(6,1001,1,2,506,'started','1','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(7,1001,1,1,507,'started','1.5','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(8,1002,3,4,508,'started','2','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(9,1003,5,6,509,'started','1','2021-03-01T07:03:00.000000+00:00','2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(10,1002,3,4,510,'reading','1.5',NULL,'2021-03-01T07:02:00.000000+00:00',10,8,0);
INSERT INTO "drafts" VALUES(11,1003,5,6,511,'ready','2',NULL,'2021-03-01T07:02:00.000000+00:00',10,NULL,1);
INSERT INTO "drafts" VALUES(12,1001,1,1,NULL,'choosing','1',NULL,'2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
INSERT INTO "drafts" VALUES(13,1001,1,1,600,'dropped','1',NULL,'2021-03-01T07:02:00.000000+00:00',NULL,NULL,0);
CREATE TABLE invites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code_hash TEXT NOT NULL UNIQUE,
    places INTEGER NOT NULL CHECK (places >= 1),
    used INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND places),
    expires_at TEXT NOT NULL,
    revoked_at TEXT NULL,
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO "invites" VALUES(1,'01',3,1,'2021-03-01T08:00:00.000000+00:00',NULL,'2021-03-01T08:00:00.000000+00:00');
INSERT INTO "invites" VALUES(2,'02',1,0,'2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00');
CREATE TABLE job_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'queued', 'running', 'paused', 'needs_login', 'waiting',
        'succeeded', 'partly_failed', 'failed', 'cancelled'
    )),
    reason TEXT NULL
) STRICT;
INSERT INTO "job_history" VALUES(1,1,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(2,2,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(3,2,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(4,3,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(5,3,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(6,3,'2021-03-01T07:06:00.000000+00:00','paused','by_person');
INSERT INTO "job_history" VALUES(7,4,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(8,4,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(9,4,'2021-03-01T07:06:00.000000+00:00','needs_login',NULL);
INSERT INTO "job_history" VALUES(10,5,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(11,5,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(12,5,'2021-03-01T07:06:00.000000+00:00','waiting',NULL);
INSERT INTO "job_history" VALUES(13,6,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(14,6,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(15,6,'2021-03-01T07:06:00.000000+00:00','succeeded',NULL);
INSERT INTO "job_history" VALUES(16,7,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(17,7,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(18,7,'2021-03-01T07:06:00.000000+00:00','partly_failed',NULL);
INSERT INTO "job_history" VALUES(19,8,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(20,8,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(21,8,'2021-03-01T07:06:00.000000+00:00','failed',NULL);
INSERT INTO "job_history" VALUES(22,9,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(23,9,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(24,9,'2021-03-01T07:06:00.000000+00:00','cancelled','by_person');
INSERT INTO "job_history" VALUES(25,10,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(26,10,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(27,11,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
INSERT INTO "job_history" VALUES(28,11,'2021-03-01T07:05:00.000000+00:00','running',NULL);
INSERT INTO "job_history" VALUES(29,12,'2021-03-01T07:04:00.000000+00:00','queued',NULL);
CREATE TABLE "job_items" (
    job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    module_id TEXT NOT NULL,
    module_name TEXT NOT NULL,
    topic_id TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    cell_id TEXT NOT NULL,
    cell_name TEXT NOT NULL,
    category TEXT NOT NULL,
    percent REAL NOT NULL,
    outcome TEXT NULL CHECK (outcome IN (
        'done', 'by_hand', 'locked', 'unsupported', 'not_counted', 'refused', 'temporary',
        'unread', 'own_fault'
    )),
    code TEXT NULL,
    msg TEXT NULL,
    PRIMARY KEY (job_id, position),
    UNIQUE (job_id, cell_id)
) STRICT;
INSERT INTO "job_items" VALUES(1,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(1,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(1,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(1,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(1,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(1,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(1,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(1,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(2,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(2,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(2,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(2,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(2,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(2,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(2,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(2,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(3,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(3,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(3,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(3,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(3,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(3,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(3,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(3,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(4,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(4,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(4,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(4,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(4,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(4,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(4,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(4,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(5,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(5,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(5,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(5,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(5,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(5,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(5,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(5,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(6,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(6,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(6,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(6,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,'unsupported',NULL,NULL);
INSERT INTO "job_items" VALUES(6,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,'not_counted',NULL,NULL);
INSERT INTO "job_items" VALUES(6,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,'refused','-1','操作失败！');
INSERT INTO "job_items" VALUES(6,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,'temporary',NULL,NULL);
INSERT INTO "job_items" VALUES(6,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(7,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(7,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(7,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(7,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,'unsupported',NULL,NULL);
INSERT INTO "job_items" VALUES(7,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,'not_counted',NULL,NULL);
INSERT INTO "job_items" VALUES(7,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,'refused','-1','操作失败！');
INSERT INTO "job_items" VALUES(7,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,'temporary',NULL,NULL);
INSERT INTO "job_items" VALUES(7,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(8,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(8,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(8,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(8,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,'unsupported',NULL,NULL);
INSERT INTO "job_items" VALUES(8,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,'not_counted',NULL,NULL);
INSERT INTO "job_items" VALUES(8,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,'refused','-1','操作失败！');
INSERT INTO "job_items" VALUES(8,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,'temporary',NULL,NULL);
INSERT INTO "job_items" VALUES(8,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(9,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(9,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(9,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(9,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,'unsupported',NULL,NULL);
INSERT INTO "job_items" VALUES(9,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,'not_counted',NULL,NULL);
INSERT INTO "job_items" VALUES(9,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,'refused','-1','操作失败！');
INSERT INTO "job_items" VALUES(9,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,'temporary',NULL,NULL);
INSERT INTO "job_items" VALUES(9,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(10,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(10,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(10,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(10,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(10,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(10,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(10,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(10,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(11,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(11,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(11,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(11,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(11,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(11,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(11,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(11,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(12,0,'module-1','第一章','topic-1','第一节','cell-0','视频 0','视频',100.0,'done',NULL,NULL);
INSERT INTO "job_items" VALUES(12,1,'module-1','第一章','topic-1','第一节','cell-1','office文档 1','office文档',12.5,'by_hand',NULL,NULL);
INSERT INTO "job_items" VALUES(12,2,'module-1','第一章','topic-1','第一节','cell-2','图片 2','图片',12.5,'locked',NULL,NULL);
INSERT INTO "job_items" VALUES(12,3,'module-1','第一章','topic-1','第一节','cell-3','测验 3','测验',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(12,4,'module-1','第一章','topic-1','第一节','cell-4','链接 4','链接',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(12,5,'module-1','第一章','topic-1','第一节','cell-5','音频 5','音频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(12,6,'module-1','第一章','topic-1','第一节','cell-6','图文 6','图文',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(12,7,'module-1','第一章','topic-1','第一节','cell-7','视频 7','视频',12.5,NULL,NULL,NULL);
INSERT INTO "job_items" VALUES(1,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(1,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(2,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(2,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(3,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(3,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(4,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(4,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(5,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(5,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(6,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(6,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(7,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(7,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(8,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(8,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(9,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(9,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(10,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(10,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(11,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(11,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
INSERT INTO "job_items" VALUES(12,100,'module-1','第一章','topic-1','第一节','cell-0unread','视频 0','视频',100.0,'unread',NULL,NULL);
INSERT INTO "job_items" VALUES(12,101,'module-1','第一章','topic-1','第一节','cell-0own_fault','视频 0','视频',100.0,'own_fault',NULL,NULL);
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    stu_id TEXT NOT NULL,
    course_id INTEGER NULL REFERENCES courses ON DELETE SET NULL,
    course_open_id TEXT NOT NULL,
    open_class_id TEXT NOT NULL,
    course_name TEXT NOT NULL,
    draft_id INTEGER NULL UNIQUE REFERENCES drafts ON DELETE SET NULL,
    retry_of INTEGER NULL UNIQUE REFERENCES jobs ON DELETE SET NULL,
    pace TEXT NOT NULL CHECK (pace IN ('1', '1.5', '2')),
    state TEXT NOT NULL CHECK (state IN (
        'queued', 'running', 'paused', 'needs_login', 'waiting',
        'succeeded', 'partly_failed', 'failed', 'cancelled'
    )),
    reason TEXT NULL,
    requested TEXT NULL CHECK (requested IN ('pause', 'cancel')),
    message_id INTEGER NULL,
    resume_at TEXT NULL,
    outline_at TEXT NULL,
    troubles INTEGER NOT NULL DEFAULT 0,
    restarts INTEGER NOT NULL DEFAULT 0,
    barred_until TEXT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT NULL,
    finished_at TEXT NULL
, percent_before REAL NULL, percent_after REAL NULL) STRICT;
INSERT INTO "jobs" VALUES(1,1001,1,'stu-1',1,'open-1','class-1','Java程序设计',1,NULL,'1.5','queued',NULL,NULL,501,NULL,'2021-03-01T07:03:00.000000+00:00',1,1,NULL,'2021-03-01T07:04:00.000000+00:00',NULL,NULL,12.5,40.0);
INSERT INTO "jobs" VALUES(2,1002,2,'stu-1',3,'open-3','class-3','Java程序设计',2,NULL,'2','running',NULL,NULL,502,NULL,'2021-03-01T07:03:00.000000+00:00',2,0,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(3,1001,1,'stu-1',1,'open-1','class-1','Java程序设计',3,NULL,'1','paused','by_person',NULL,503,NULL,'2021-03-01T07:03:00.000000+00:00',0,1,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(4,1003,4,'stu-3',5,'open-5','class-5','Java程序设计',4,NULL,'1.5','needs_login','session_expired',NULL,504,NULL,'2021-03-01T07:03:00.000000+00:00',1,0,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(5,1002,3,'stu-2',4,'open-4','class-4','高等数学',5,NULL,'2','waiting','barred',NULL,505,'2021-03-01T07:59:00.000000+00:00','2021-03-01T07:03:00.000000+00:00',2,1,'2021-03-01T07:59:00.000000+00:00','2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(6,1001,1,'stu-1',2,'open-2','class-2','Java程序设计',6,NULL,'1','succeeded',NULL,NULL,506,NULL,'2021-03-01T07:03:00.000000+00:00',0,0,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00','2021-03-01T07:30:00.000000+00:00',NULL,NULL);
INSERT INTO "jobs" VALUES(7,1001,1,'stu-1',1,'open-1','class-1','Java程序设计',7,NULL,'1.5','partly_failed',NULL,NULL,507,NULL,'2021-03-01T07:03:00.000000+00:00',1,1,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00','2021-03-01T07:30:00.000000+00:00',NULL,NULL);
INSERT INTO "jobs" VALUES(8,1002,3,'stu-2',NULL,'open-9','class-9','Java程序设计',8,NULL,'2','failed','barred_again',NULL,508,NULL,'2021-03-01T07:03:00.000000+00:00',2,0,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00','2021-03-01T07:30:00.000000+00:00',NULL,NULL);
INSERT INTO "jobs" VALUES(9,1003,5,'stu-4',6,'open-6','class-6','Java程序设计',9,NULL,'1','cancelled','by_person',NULL,509,NULL,'2021-03-01T07:03:00.000000+00:00',0,1,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00','2021-03-01T07:30:00.000000+00:00',NULL,NULL);
INSERT INTO "jobs" VALUES(10,1002,3,'stu-2',4,'open-4','class-4','高等数学',NULL,NULL,'1.5','running',NULL,'pause',510,NULL,NULL,1,0,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(11,1003,5,'stu-4',6,'open-6','class-6','Java程序设计',NULL,NULL,'2','running',NULL,'cancel',511,NULL,NULL,2,1,NULL,'2021-03-01T07:04:00.000000+00:00','2021-03-01T07:05:00.000000+00:00',NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(12,1001,1,'stu-1',1,'open-1','class-1','Java程序设计',NULL,7,'1','queued',NULL,NULL,NULL,NULL,NULL,0,0,NULL,'2021-03-01T07:04:00.000000+00:00',NULL,NULL,NULL,NULL);
CREATE TABLE kept (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "kept" VALUES('version','0.1.0');
CREATE TABLE known_cells (
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    cell_id TEXT NOT NULL,
    module_row INTEGER NOT NULL REFERENCES known_modules ON DELETE CASCADE,
    position INTEGER NOT NULL,
    topic_id TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    percent REAL NOT NULL,
    found_at TEXT NULL, listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
    PRIMARY KEY (course_id, cell_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "known_cells" VALUES(1,'cell-0',1,0,'topic-1','第一节','视频 0','视频',100.0,'2021-03-01T08:00:00.000000+00:00',1);
INSERT INTO "known_cells" VALUES(1,'cell-gone',1,0,'topic-1','第一节','视频 0','视频',100.0,'2021-03-01T08:00:00.000000+00:00',0);
CREATE TABLE known_courses (
    course_id INTEGER PRIMARY KEY REFERENCES courses ON DELETE CASCADE,
    cell_count INTEGER NOT NULL,
    studied_count INTEGER NOT NULL,
    modules_at TEXT NOT NULL,
    said_percent REAL NULL,
    unnamed INTEGER NOT NULL DEFAULT 0,
    unnamed_at TEXT NULL
, looked_percent REAL NULL) STRICT;
INSERT INTO "known_courses" VALUES(1,140,17,'2021-03-01T08:00:00.000000+00:00',12.5,1,'2021-03-01T08:00:00.000000+00:00',12.5);
CREATE TABLE known_modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    module_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    said_percent REAL NULL,
    listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
    read_at TEXT NULL,
    found_at TEXT NULL, read_percent REAL NULL, percent REAL NULL,
    UNIQUE (course_id, module_id)
) STRICT;
INSERT INTO "known_modules" VALUES(1,1,'module-1','第一章',0,30.0,1,'2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00',33.25,33.25);
INSERT INTO "known_modules" VALUES(2,1,'module-9','第九章',1,NULL,0,NULL,NULL,NULL,0.0);
CREATE TABLE loading_screens (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "loading_screens" VALUES(1001,720,'v1:can:1:0');
INSERT INTO "loading_screens" VALUES(1001,721,'v1:crs::0');
INSERT INTO "loading_screens" VALUES(1002,510,'v1:can:3:0');
CREATE TABLE media_lengths (
    cell_id TEXT NOT NULL PRIMARY KEY,
    seconds TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
INSERT INTO "media_lengths" VALUES('cell-0','610.5','2021-03-01T07:06:00.000000+00:00');
CREATE TABLE module_snapshots (
    module_row INTEGER NOT NULL REFERENCES known_modules ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    percent REAL NOT NULL,
    PRIMARY KEY (module_row, local_date)
) STRICT, WITHOUT ROWID;
INSERT INTO "module_snapshots" VALUES(1,'2021-03-01',33.25);
CREATE TABLE modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses ON DELETE CASCADE,
    module_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    percent REAL NULL,
    UNIQUE (course_id, module_id)
) STRICT;
INSERT INTO "modules" VALUES(1,1,'module-1','第一章',0,33.25);
INSERT INTO "modules" VALUES(2,1,'module-2','第二章',1,33.25);
INSERT INTO "modules" VALUES(3,3,'module-3','第一章',2,33.25);
INSERT INTO "modules" VALUES(4,4,'module-4','极限',3,33.25);
CREATE TABLE "notices" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    job_id INTEGER NULL REFERENCES jobs ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'job_ended', 'barred', 'needs_login', 'platform_away', 'expiring', 'new_lessons'
    )),
    once TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(payload)),
    created_at TEXT NOT NULL,
    sent_at TEXT NULL,
    dropped_at TEXT NULL
) STRICT;
INSERT INTO "notices" VALUES(1,1001,6,'job_ended','once-1','{}','2021-03-01T07:30:00.000000+00:00','2021-03-01T07:31:00.000000+00:00',NULL);
INSERT INTO "notices" VALUES(2,1001,7,'job_ended','once-2','{}','2021-03-01T07:30:00.000000+00:00',NULL,NULL);
INSERT INTO "notices" VALUES(3,1002,8,'job_ended','once-3','{}','2021-03-01T07:30:00.000000+00:00',NULL,NULL);
INSERT INTO "notices" VALUES(4,1003,4,'needs_login','once-4','{}','2021-03-01T07:30:00.000000+00:00',NULL,'2021-03-01T07:41:00.000000+00:00');
INSERT INTO "notices" VALUES(5,1002,5,'barred','once-5','{"minutes": 20, "msg": "请20分钟后再试"}','2021-03-01T07:30:00.000000+00:00','2021-03-01T07:32:00.000000+00:00',NULL);
INSERT INTO "notices" VALUES(6,1002,NULL,'platform_away','once-6','{}','2021-03-01T07:30:00.000000+00:00','2021-03-01T07:33:00.000000+00:00',NULL);
INSERT INTO "notices" VALUES(7,1001,1,'expiring','once-expiring','{}','2021-03-01T08:00:00.000000+00:00',NULL,NULL);
INSERT INTO "notices" VALUES(8,1001,NULL,'new_lessons','once-new-lessons','{}','2021-03-01T08:00:00.000000+00:00',NULL,NULL);
CREATE TABLE owner_notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cause TEXT NOT NULL CHECK (cause IN (
        'telegram_away', 'platform_away', 'disk', 'backup', 'fault', 'upgrade'
    )),
    local_date TEXT NOT NULL,
    payload TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(payload)),
    created_at TEXT NOT NULL,
    sent_at TEXT NULL,
    dropped_at TEXT NULL,
    UNIQUE (cause, local_date)
) STRICT;
INSERT INTO "owner_notices" VALUES(1,'telegram_away','2021-03-01','{}','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00',NULL);
INSERT INTO "owner_notices" VALUES(2,'platform_away','2021-03-01','{}','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00',NULL);
INSERT INTO "owner_notices" VALUES(3,'disk','2021-03-01','{}','2021-03-01T08:00:00.000000+00:00',NULL,'2021-03-01T08:00:00.000000+00:00');
INSERT INTO "owner_notices" VALUES(4,'backup','2021-03-01','{}','2021-03-01T08:00:00.000000+00:00',NULL,NULL);
INSERT INTO "owner_notices" VALUES(5,'fault','2021-03-01','{}','2021-03-01T08:00:00.000000+00:00',NULL,NULL);
INSERT INTO "owner_notices" VALUES(6,'upgrade','2021-03-01','{}','2021-03-01T08:00:00.000000+00:00',NULL,NULL);
CREATE TABLE pasted_messages (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    at TEXT NOT NULL, is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1)),
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "pasted_messages" VALUES(1001,700,'2021-03-01T08:00:00.000000+00:00',1);
INSERT INTO "pasted_messages" VALUES(1001,702,'2021-03-01T08:00:00.000000+00:00',0);
CREATE TABLE pending_cookies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    sealed_cookie BLOB NULL,
    expires_at TEXT NULL,
    pasted_at TEXT NOT NULL,
    until TEXT NOT NULL
, platform TEXT NOT NULL DEFAULT 'zjy'
    CHECK (platform IN ('zjy', 'spoc'))) STRICT;
INSERT INTO "pending_cookies" VALUES(1,1001,X'01','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00','zjy');
INSERT INTO "pending_cookies" VALUES(2,1003,NULL,NULL,'2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00','spoc');
CREATE TABLE pending_logins (
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    shown_in INTEGER NULL,
    began_at TEXT NOT NULL
) STRICT;
INSERT INTO "pending_logins" VALUES(1001,701,'2021-03-01T08:00:00.000000+00:00');
CREATE TABLE people (
    user_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('claim', 'invite', 'settings')),
    invite_id INTEGER NULL REFERENCES invites ON DELETE SET NULL,
    since TEXT NOT NULL,
    removed_at TEXT NULL
) STRICT;
INSERT INTO "people" VALUES(1,'王老师','claim',NULL,'2021-03-01T08:00:00.000000+00:00',NULL);
INSERT INTO "people" VALUES(2,'李四','invite',1,'2021-03-01T08:00:00.000000+00:00','2021-03-01T08:00:00.000000+00:00');
INSERT INTO "people" VALUES(3,'','settings',NULL,'2021-03-01T08:00:00.000000+00:00',NULL);
INSERT INTO "people" VALUES(1001,'','settings',NULL,'2021-03-01T07:00:00.000000+00:00',NULL);
INSERT INTO "people" VALUES(1002,'','settings',NULL,'2021-03-01T07:00:00.000000+00:00',NULL);
INSERT INTO "people" VALUES(1003,'','settings',NULL,'2021-03-01T07:00:00.000000+00:00',NULL);
CREATE INDEX accounts_by_student ON accounts (stu_id);
CREATE INDEX drafts_by_chat ON drafts (chat_id);
CREATE INDEX drafts_by_account ON drafts (account_id);
CREATE INDEX drafts_by_course ON drafts (course_id);
CREATE INDEX draft_modules_by_module ON draft_modules (module_row);
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_chat ON jobs (chat_id);
CREATE INDEX jobs_by_student ON jobs (stu_id, state);
CREATE INDEX jobs_by_account ON jobs (account_id);
CREATE INDEX jobs_by_course ON jobs (course_id);
CREATE INDEX job_history_by_job ON job_history (job_id);
CREATE INDEX drafts_by_batch ON drafts (batch);
CREATE INDEX chats_by_active_account ON chats (active_account);
CREATE INDEX known_cells_by_module ON known_cells (module_row);
CREATE INDEX course_snapshots_by_date ON course_snapshots (local_date);
CREATE INDEX module_snapshots_by_date ON module_snapshots (local_date);
CREATE INDEX notices_by_chat ON notices (chat_id);
CREATE INDEX notices_by_job ON notices (job_id);
CREATE INDEX notices_pending ON notices (id) WHERE sent_at IS NULL AND dropped_at IS NULL;
CREATE INDEX drafts_by_notice ON drafts (notice_id);
CREATE INDEX pending_cookies_by_chat ON pending_cookies (chat_id);
CREATE INDEX people_by_invite ON people (invite_id);
CREATE UNIQUE INDEX people_owner ON people (origin) WHERE origin = 'claim';
CREATE INDEX audit_by_user ON audit (user_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('accounts',106);
INSERT INTO "sqlite_sequence" VALUES('courses',106);
INSERT INTO "sqlite_sequence" VALUES('modules',104);
INSERT INTO "sqlite_sequence" VALUES('drafts',113);
INSERT INTO "sqlite_sequence" VALUES('jobs',112);
INSERT INTO "sqlite_sequence" VALUES('job_history',129);
INSERT INTO "sqlite_sequence" VALUES('notices',8);
INSERT INTO "sqlite_sequence" VALUES('digests',8);
INSERT INTO "sqlite_sequence" VALUES('known_modules',2);
INSERT INTO "sqlite_sequence" VALUES('pending_cookies',2);
INSERT INTO "sqlite_sequence" VALUES('invites',2);
INSERT INTO "sqlite_sequence" VALUES('audit',8);
INSERT INTO "sqlite_sequence" VALUES('owner_notices',6);
COMMIT;
