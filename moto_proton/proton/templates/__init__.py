"""Templates of both kinds, their versions, their bundles and the inputs that they define."""
