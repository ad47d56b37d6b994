-- Where the naive worker writes: nothing here is unique but the row's own number.
CREATE TABLE IF NOT EXISTS naive_events (
  id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  event_id       VARCHAR(255)    NOT NULL,
  event          VARCHAR(255)    NOT NULL,
  user_id        VARCHAR(255)    NOT NULL,
  event_datetime DATETIME(6)     NOT NULL, -- UTC
  parameters     JSON            NULL,
  PRIMARY KEY (id),
  KEY naive_events_by_id (event_id),
  KEY naive_events_of_user (user_id, event_datetime)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
