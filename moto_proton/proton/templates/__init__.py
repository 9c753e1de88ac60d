"""Templates of both kinds, their versions, bundles and the inputs that they ask for."""
