// Package occasionhttp holds what the doors of the market's occasions (show, auction, appraise) share:
// pages that ask before a step, timelines, pick lists, and the bodies of API answers.
package occasionhttp
