-- By which code a file could not be read: it is not tried again until that code, or the file, is another.
ALTER TABLE failures ADD COLUMN reader TEXT NOT NULL DEFAULT '';
