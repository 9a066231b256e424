// Package monitorhttp is the door of the room in which numbers are watched: the overview, the page of
// a set and of an indicator, the lights with the tasks they opened, and what proves each number.
//
// Every number on these pages is a link to what proves it, which whoever sees the number may open.
package monitorhttp
