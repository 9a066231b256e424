// Package kit holds what the doors of rooms share beside the frame and the parts of pages:
// pages that ask before a step, timelines, pick lists, and the bodies of API answers.
package kit
