package outbox

// Pause is tested from outside, because the tests of this package use unit, which imports it.
var Pause = pause
