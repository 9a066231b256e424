package auction

// Events of this room. The object is the id of the auction.
const (
	EventCreated = "market.auction.created.v1"
	EventUpdated = "market.auction.updated.v1"
	EventMoved   = "market.auction.moved.v1" // data: the step
	EventBid     = "market.auction.bid.v1"   // an open bid; never told of a sealed one
)
