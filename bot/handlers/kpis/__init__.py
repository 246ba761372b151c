"""Key figures in the chat: `/okr figures`."""
