"""The core of Fanfold: what a flow is, in which order it goes, how it runs. Knows no screen."""
