"""The screens: what a person sees and presses. They ask the workspace for everything."""
