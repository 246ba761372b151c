"""What a refusal means, in words for whoever sits at the desk."""

from __future__ import annotations

WORDS = {
    # The call as such
    "unknown_method": "There is no such method, or the desk does not know it yet.",
    "not_authed": "The call came without a token.",
    "invalid_auth": "The token is not the one of this workspace.",
    "not_allowed_token_type": "This method wants another kind of token.",
    "token_revoked": "The app has been removed from the workspace, so its token is worth nothing any more.",
    "missing_scope": "The app was not given the scope that this method needs.",
    "invalid_arguments": "An argument is missing, unknown or of the wrong shape. The lines below say which and where.",
    "invalid_json": "The body is no JSON.",
    "json_not_object": "The body is JSON, but not an object.",
    "invalid_post_type": "The body has a Content-Type that Slack does not read.",
    "missing_post_type": "The body came without a Content-Type.",
    "invalid_cursor": "The cursor is not one that Slack gave out.",
    "invalid_limit": "The limit is smaller or larger than this method allows.",
    "invalid_ts_oldest": "`oldest` is not a timestamp.",
    "invalid_ts_latest": "`latest` is not a timestamp.",
    "ratelimited": "Too many calls. Slack wants to be left alone for as long as Retry-After says.",
    "internal_error": "Slack failed by itself. Whether the call was carried out is not known.",
    # Where
    "channel_not_found": "There is no such conversation, or it is private and the app is not in it.",
    "not_in_channel": "The app is not a member of that channel.",
    "is_archived": "The channel has been archived; nobody can write in it.",
    "is_inactive": "The channel has been archived; its messages cannot be edited.",
    "messages_tab_disabled": "The app's Messages tab is switched off, so it cannot write to people.",
    "method_not_supported_for_channel_type": "This method is for direct messages, and that is a channel.",
    "users_list_not_supplied": "Nobody was named to open a conversation with.",
    "too_many_users": "A conversation is opened with eight people at most.",
    "invalid_user_combination": "The desk knows direct messages between the app and one person only.",
    "user_not_found": "Nobody has this user id.",
    "user_disabled": "This person's account has been switched off.",
    "users_not_found": "Nobody has this e-mail address.",
    "user_not_in_channel": "The person who was to see it is not in that conversation.",
    # Messages
    "no_text": "The message has neither text nor blocks.",
    "msg_too_long": "The text is longer than Slack takes here.",
    "msg_blocks_too_long": "The blocks are too large together; about 13,000 characters is the most.",
    "invalid_blocks": "Slack would not draw these blocks. The lines below say which and why.",
    "invalid_blocks_format": "`blocks` is not a list of blocks.",
    "invalid_attachments": "The attachments are malformed, or there is more than one table in the message.",
    "too_many_attachments": "A message has at most 100 attachments.",
    "markdown_text_conflict": "`markdown_text` cannot stand beside `text` or `blocks`.",
    "as_user_not_supported": "`as_user` is from before; apps cannot use it.",
    "message_not_found": "There is no such message, or only one person ever saw it.",
    "cant_update_message": "The app can edit its own messages only.",
    "cant_delete_message": "The app can delete its own messages only.",
    "invalid_thread_ts": "`thread_ts` is not the timestamp of a message.",
    "thread_not_found": "The message that this one was to answer is not there.",
    "cannot_reply_to_message": "Nobody can answer a message that only one person sees.",
    "invalid_metadata_format": "Metadata is an object with `event_type` and `event_payload`.",
    "invalid_metadata_schema": "The `event_type` has signs that Slack does not allow in a name.",
    "metadata_too_large": "The metadata is larger than Slack keeps.",
    # Files
    "invalid_upload_url": "Slack never gave out this upload address.",
    "expired_upload_url": "The upload address is older than ten minutes.",
    "used_upload_url": "Something was uploaded to this address already.",
    "wrong_length": "The upload is shorter or longer than was announced.",
    "missing_argument": "The file was announced with no bytes in it.",
    "alt_txt_too_large": "The text for those who cannot see the picture is longer than 1000 characters.",
    "file_not_found": "There is no such file, nothing was uploaded for it, or it was shown before.",
    "file_uploads_disabled": "The workspace allows no uploads.",
    "file_upload_size_restricted": "The file is larger than Slack takes.",
    "channels_limit_exceeded": "A file is shown in at most a hundred channels.",
    # Views
    "invalid_trigger_id": "Slack never gave out this trigger.",
    "expired_trigger_id": "The trigger is older than three seconds: the bot was too slow to open a form.",
    "exchanged_trigger_id": "The trigger was used before; each one opens one form.",
    "not_found": "The view is not open any more.",
    "hash_conflict": "The view has changed since the bot last saw it, so its new drawing was not taken.",
    "duplicate_external_id": "Another open view has the same `external_id`.",
    "push_limit_reached": "Three views lie on each other at most.",
    "view_too_large": "The view is larger than 250 kB.",
    "not_enabled": "The app's Home tab is switched off.",
    # Response URLs
    "no_such_url": "Slack never gave out this response URL.",
    "expired_url": "The response URL is older than thirty minutes.",
    "used_url": "The response URL was used five times already.",
    "invalid_payload": "What was sent to the response URL is malformed.",
    # Answers of the bot
    "http_timeout": "The bot did not answer within three seconds. The person sees that something went wrong.",
    "http_error": "The bot answered with an error. The person sees that something went wrong.",
    "connection_failed": "Nobody listens at the bot's address. Is the bot running?",
    "invalid_errors": "Errors must be a text for each `block_id` of an input in this form.",
    "invalid_response_action": "The answer to a form is empty, or one of errors, update, push and clear.",
    "no_options": "The bot offered nothing for what was typed.",
    "invalid_options": "The options that the bot offered are malformed.",
}
FAULTS = {
    "rate_limited": "You asked for this: the desk answered 429 and did nothing.",
    "delay": "You asked for this: the desk answered late.",
    "lost": "You asked for this: the desk did what was wanted and dropped its answer.",
    "error": "You asked for this: the desk answered 500 and did nothing.",
    "refused": "You asked for this: the desk took no file.",
}


def words(error: str) -> str:
    """`error` may have its detail behind a colon, as a problem has."""
    code = error.partition(":")[0]
    return WORDS.get(code, "Slack would refuse this.") if code else ""
