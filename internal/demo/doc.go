// Package demo fills an empty house with an invented city (演示数据): organisations and people of
// the first room, accounts of every role, and some history. Everything goes through the use cases
// that people use, so that audit trail, timelines and queues are alive. The same seed gives the
// same city.
//
// All of it is made up. Names of organisations end in 演示 in brackets, their credit codes hold DEM0
// where the number of a real one would be, phones begin with a digit that no subscriber has, and
// people have no identity numbers. Places and codes of regions and industries are real, and so is what
// facts_data.go holds: published numbers and the organisations that their sources name.
package demo
