// Package auction is the room of listings (挂牌) and auctions (拍卖) of achievements.
//
// The whole course of an auction is a list of events that only grows, and Replay makes of it exactly
// what is stored: price, leader, time of closing, winner, and what the winner pays. The same function
// decides about each bid when it arrives, so that the log cannot tell another story than the room.
//
// Modes. A listing seeks takers at a price; one taker has it at that price, several must compete. An
// English auction (增价) is open and ascending; a bid in its last moments extends it. Sealed bids
// (密封) are opened together: the highest wins and pays its own price, or the second highest one.
// Equal bids go to the earlier.
//
// Invariants. The reserve price is told to nobody before the end. Sealed bids are encrypted and hidden
// from everybody until they are opened, officers included: neither that somebody has bid nor how much
// shows anywhere, but to the bidder. Time is the server's, in China; bids are taken one after the
// other. Who may bid was admitted and has paid the deposit.
//
// Sources of the rules: 促进科技成果转化法 (2015) for the modes; the days of notice and publicity differ
// from exchange to exchange and are dated data, see rule_data.go.
package auction
