// Package auctionhttp is the door of listings and auctions (挂牌, 拍卖): pages and API.
//
// The room of an auction works without scripts: its page reloads while bidding runs. With htmx only
// the price, the bids and the time left are asked for.
package auctionhttp
