"""The set-up checklist and the dialogs of its steps."""
