// Package story tells the whole loop as a test: a document becomes a target and a task, a need finds
// an achievement, the two sides refuse once and agree once, the contract moves the figures of the
// district and the city, the red light turns, and only then the task can be closed.
//
// It speaks to the program through the API alone, as another program would, on both databases, once
// more with a server that is killed in the middle of every step, and once through the pages, as people do.
package story
