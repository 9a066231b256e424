// Package dealhttp is the door of introductions and brokers: the list of introductions, the thread
// of one with its one timeline, the forms of its steps, what the market said to one's posts, the
// directory of brokers with their records and the board of a broker. Pages and operations call the
// same methods of deal.Service.
package dealhttp
