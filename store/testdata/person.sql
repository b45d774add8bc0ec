-- One person in every column that holds personal data, and a colleague beside them. The person is
-- 11111111-…, Maija Meikäläinen, maija.meikalainen@esimerkki.fi, 29:maija, a:chat-maija; times are of 2023 unless they say otherwise.
INSERT INTO person (id, teams_id, name, name_key, email, tenant_id, guest, language, locale, conversation_id, service_url, seen_at, chat_at) VALUES
    ('11111111-1111-1111-1111-111111111111', '29:maija', 'Maija Meikäläinen', 'maija meikäläinen', 'maija.meikalainen@esimerkki.fi', 'tenant', 0, 'fi', 'fi-FI', 'a:chat-maija', 'https://smba.example/', 1672567200000, 1672567200000),
    ('22222222-2222-2222-2222-222222222222', '29:kalle', 'Kalle Kollega', 'kalle kollega', 'kalle.kollega@esimerkki.fi', 'tenant', 0, '', 'fi-FI', 'a:chat-kalle', 'https://smba.example/', 1672567200000, 1672567200000);
INSERT INTO role (person_id, role, until) VALUES ('11111111-1111-1111-1111-111111111111', 'approver', '2099-12-31'), ('22222222-2222-2222-2222-222222222222', 'admin', NULL);
INSERT INTO team (id, aad_group_id, name, service_url, installed, installed_at, named_at) VALUES ('19:team', '', 'Keskussairaala', 'https://smba.example/', 1, 0, 0);
INSERT INTO team_member (team_id, person_id) VALUES ('19:team', '11111111-1111-1111-1111-111111111111'), ('19:team', '22222222-2222-2222-2222-222222222222');
INSERT INTO channel (id, team_id, name, language, service_url, present, present_at, named_at) VALUES ('19:hoitajat', '19:team', 'Hoitajat', '', 'https://smba.example/', 1, 0, 0);
INSERT INTO binding (channel_id, kind, name, name_key) VALUES ('19:hoitajat', 'audience', 'Hoitajat', 'hoitajat');

INSERT INTO clock (id, name, name_key, year) VALUES (1, 'vuosikello', 'vuosikello', 2023);
INSERT INTO entry (id, clock_id, title, title_key, start, end, repeat, campaign, campaign_key, channels, owner, leads, materials, approval, goal, state, notes, version, next_due, created_at, updated_at) VALUES
    ('syksy', 1, 'Syksyn kampanja', 'syksyn kampanja', '2023-01-10', NULL, '', '', '', 'intra', 'Maija Meikäläinen', '7,1', NULL, 1, 'Maija Meikäläinen: 40 % enemmän käyttäjiä', 'done', 'Huomiot: kysy Maija Meikäläinen', 1, NULL, 1672567200000, 1672567200000);
INSERT INTO occurrence (entry_id, start, done_at, done_by, link) VALUES ('syksy', '2023-01-10', 1673352000000, '11111111-1111-1111-1111-111111111111', '');
INSERT INTO reminder (id, entry_id, day, occurrence, ends, lead, materials, origin, due_at, state, status, status_by, status_at) VALUES
    (1, 'syksy', '2023-01-09', '2023-01-10', '2023-01-10', 1, 0, 'lead', 1673245800000, 'posted', 'done', '11111111-1111-1111-1111-111111111111', 1673352000000);

INSERT INTO content (id, entry_id, author_id, form, version, created_at, updated_at) VALUES
    (1, 'syksy', '11111111-1111-1111-1111-111111111111', '{"body":"Ohje","title":"Uusi ohje"}', 1, 1672567200000, 1672567200000),
    (2, NULL, '11111111-1111-1111-1111-111111111111', '{"body":"Kysy: maija.meikalainen@esimerkki.fi <Maija Meikäläinen>","title":"Kesken"}', 1, 1672567200000, 1672567200000);
INSERT INTO content_version (content_id, version, sha256, entry_id, title, body, title_sv, body_sv, link, image, image_alt, audiences, checklist, approval, requested_by, requested_at, decision, decided_by, decided_at, comment, published_at, withdrawn_at, withdrawn_by, handled_at) VALUES
    (1, 1, 'f8a29c3d', 'syksy', 'Uusi ohje', 'Ohje', '', 'Anvisning', '', '', '', 'Hoitajat', 'privacy', 1, '11111111-1111-1111-1111-111111111111', 1672567200000, 'approved', '11111111-1111-1111-1111-111111111111', 1672570800000, 'Hyvä. T: Maija Meikäläinen', 1672574400000, 1688200000000, '11111111-1111-1111-1111-111111111111', 1672574400000);
INSERT INTO acknowledgement (content_id, person_id, channel_id, at) VALUES (1, '11111111-1111-1111-1111-111111111111', '19:hoitajat', 1672578000000), (1, '22222222-2222-2222-2222-222222222222', '19:hoitajat', 1672578000000);
INSERT INTO follow_up (content_id, at, by) VALUES (1, 1672660800000, '11111111-1111-1111-1111-111111111111');

INSERT INTO need (id, text, asked_by, asked_at, state, comment, decided_by, decided_at) VALUES
    (1, 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', '11111111-1111-1111-1111-111111111111', 1672567200000, 'declined', 'maija.meikalainen@esimerkki.fi voi kertoa lisää', '11111111-1111-1111-1111-111111111111', 1672657200000),
    (2, 'Vastausta odottaa: Maija Meikäläinen', '22222222-2222-2222-2222-222222222222', 1672567200000, 'open', '', '', NULL);
INSERT INTO agenda_outcome (kind, date, item, outcome, comment, by, at) VALUES ('working_group', '2023-01-17', 'need:1', 'dropped', 'Maija Meikäläinen hoitaa', '11111111-1111-1111-1111-111111111111', 1673956800000);

INSERT INTO session (id, title, start, minutes, audiences, host_id, join_url, links, series, topic_id, state, version, created_by, created_at, changed_at, handled_at, meeting_state, meeting_why, meeting_retry, meeting_tries, meeting_host, event_id, meeting_id, meeting_url, meeting_key, report_state, report_why, report_retry) VALUES
    (1, 'Chat tutuksi', 1673953200000, 15, 'Hoitajat', '11111111-1111-1111-1111-111111111111', 'https://teams.example/meet?oid=11111111-1111-1111-1111-111111111111', '', '', NULL, 'planned', 1, '11111111-1111-1111-1111-111111111111', 1672567200000, 1672567200000, 1673960000000, 'none', '', 0, 0, '', '', '', '', 'k1', 'none', '', 0),
    (2, 'Maisa tutuksi', 4086000000000, 15, 'Hoitajat', '11111111-1111-1111-1111-111111111111', '', '', '', NULL, 'planned', 1, '22222222-2222-2222-2222-222222222222', 1672567200000, 1672567200000, 1673960000000, 'made', '', 0, 0, '11111111-1111-1111-1111-111111111111', 'event', 'meeting', 'https://teams.example/l/meetup-join/19%3ameeting?context=%7b%22Oid%22%3a%2211111111-1111-1111-1111-111111111111%22%7d', 'k2', 'none', '', 0);
INSERT INTO attendance (session_id, who, name, signed_up_at, cancelled_at, joined_at, minutes, source) VALUES
    (1, '11111111-1111-1111-1111-111111111111', 'Maija Meikäläinen', 1673900000000, NULL, 1673953200000, 12, 'graph'),
    (1, 'mail:maija.meikalainen@esimerkki.fi', 'Maija Meikäläinen', NULL, NULL, 1673953300000, 3, 'graph'),
    (1, '22222222-2222-2222-2222-222222222222', '', 1673900000000, NULL, NULL, NULL, 'card'),
    (2, '11111111-1111-1111-1111-111111111111', '', 1673900000000, 1673910000000, NULL, NULL, 'card'),
    (2, '22222222-2222-2222-2222-222222222222', '', 1673900000000, NULL, NULL, NULL, 'card');
INSERT INTO attendance_report (session_id, report_id, total, named) VALUES (1, 'all', 5, 2);
INSERT INTO session_need (position, name) VALUES (1, 'Chatin käyttö');
INSERT INTO feedback (session_id, person_id, rating, need, topic, at) VALUES
    (1, '11111111-1111-1111-1111-111111111111', 5, 'Chatin käyttö', 'Miten Maija Meikäläinen tekee sen', 1673956800000),
    (1, '22222222-2222-2222-2222-222222222222', 3, 'Chatin käyttö', '', 1673956800000);

INSERT INTO post (id, kind, title, entry_id, reminder_id, channel_id, person_id, notice, state, reason, attempts, doubts, late, priority, trace, due_at, created_at, sent_at, queued_at, retry_at, service_url, conversation_id, activity_id, wanted, shown, update_at, update_attempts, content_id, content_version, need_id, session_id) VALUES
    (1, 'reminder', 'Syksyn kampanja', 'syksy', 1, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't1', 0, 1673245800000, 1673245800000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-1', 1, 1, 0, 0, NULL, NULL, NULL, NULL),
    (2, 'approval', 'Uusi ohje', 'syksy', NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't2', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-2', 1, 1, 0, 0, 1, 1, NULL, NULL),
    (3, 'approval', 'Uusi ohje', 'syksy', NULL, NULL, '11111111-1111-1111-1111-111111111111', '', 'sent', '', 1, 0, 0, 3, 't3', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', 'a:chat-maija', 'activity-3', 1, 1, 0, 0, 1, 1, NULL, NULL),
    (4, 'notice', 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', NULL, NULL, NULL, '11111111-1111-1111-1111-111111111111', '{"key":"notice.need.declined","args":{"text":"Potilaat kysyvät","who":"Kalle Kollega"}}', 'sent', '', 1, 0, 0, 4, 't4', 0, 1672657200000, 1672657200000, 0, 0, 'https://smba.example/', 'a:chat-maija', 'activity-4', 1, 1, 0, 0, NULL, NULL, NULL, NULL),
    (5, 'notice', 'Julkaisu hyväksyttiin', NULL, NULL, NULL, '22222222-2222-2222-2222-222222222222', '{"key":"notice.decision.approved","args":{"title":"Uusi ohje","who":"Maija Meikäläinen"}}', 'sent', '', 1, 0, 0, 4, 't5', 0, 1672570800000, 1672570800000, 0, 0, 'https://smba.example/', 'a:chat-kalle', 'activity-5', 1, 1, 0, 0, 1, NULL, NULL, NULL),
    (6, 'need', 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', NULL, NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't6', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-6', 1, 1, 0, 0, NULL, NULL, 1, NULL),
    (7, 'invitation', 'Maisa tutuksi', NULL, NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't7', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-7', 1, 1, 0, 0, NULL, NULL, NULL, 2),
    (8, 'feedback', 'Chat tutuksi', NULL, NULL, NULL, '11111111-1111-1111-1111-111111111111', '', 'pending', '', 0, 0, 0, 3, 't8', 0, 1673956800000, NULL, 0, 0, '', '', '', 1, 0, 0, 0, NULL, NULL, NULL, 1);
INSERT INTO seen (activity_id, at) VALUES ('a:chat-maija|123', 4086000000000);
INSERT INTO calendar_feed (id, person_id, member, created_at) VALUES ('feed', '11111111-1111-1111-1111-111111111111', 1, 1672567200000);
INSERT INTO download (id, kind, person_id, expires_at) VALUES ('download', 'entries', '11111111-1111-1111-1111-111111111111', 4086000000000);
INSERT INTO upload (id, person_id, name, data, state, decided_at, expires_at) VALUES ('upload', '11111111-1111-1111-1111-111111111111', 'Maija Meikäläinen.csv', CAST('otsikko;vastuu Maija Meikäläinen' AS BLOB), 'waiting', NULL, 4086000000000);
INSERT INTO measure (id, name, name_key, kind, unit) VALUES (1, 'Maisa', 'maisa', 'kertymä', '');
INSERT INTO measure_point (measure_id, start, end, value, goal, source, updated_at) VALUES (1, '2023-01-01', '2023-01-31', 10000, NULL, 'Maija Meikäläinen', 1672567200000);
INSERT INTO reach_member (channel, person, first, last, kind) SELECT c.n, p.n, '2023-01-01', '2023-06-30', 0 FROM reach_channel c, reach_person p WHERE c.channel_id = '19:hoitajat';
INSERT INTO reach_signal (post_id, what, person, kind, nth, at, gone) SELECT 7, 'reaction', n, 'like', 0, 1672567200000, 0 FROM reach_person;
