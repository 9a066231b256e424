// Package appraisehttp is the door of valuations and evaluations (估值, 五元价值评价): pages and API.
package appraisehttp
