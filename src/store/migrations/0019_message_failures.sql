-- Why the last try to send a message failed: administrators read it beside the invitation.
ALTER TABLE messages ADD COLUMN failure TEXT;
