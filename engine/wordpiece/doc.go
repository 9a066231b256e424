// Package wordpiece cuts text into the pieces that models of the BERT family were trained on
// (WordPiece), with the vocabulary that lies beside a model as vocab.txt. It only computes; what runs a
// model is elsewhere.
//
// A text is cleaned of control characters, cut into words at blanks, punctuation and around each Chinese
// character, written without case and accents where the model wants it so, and each word is cut into the
// longest pieces that the vocabulary has, from its start. A word that cannot be cut is [UNK].
//
// The names of special pieces are plain text when they stand in a text: nobody closes a sentence of the
// model by writing [SEP] into a post.
package wordpiece
