"""What goes on in a run, as the browser follows it: shared by the canvas and the lanes."""
