-- One row per event, however often its message comes: event_id is unique.
-- utf8mb4_bin compares ids code point by code point; "A" is not "a".
CREATE TABLE IF NOT EXISTS events (
  id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  event_id       VARCHAR(255)    NOT NULL,
  event          VARCHAR(255)    NOT NULL,
  user_id        VARCHAR(255)    NOT NULL,
  event_datetime DATETIME(6)     NOT NULL, -- UTC
  parameters     JSON            NULL,
  PRIMARY KEY (id),
  UNIQUE KEY events_once (event_id),
  KEY events_of_user (user_id, event_datetime)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
