/**
 * Token counts of request bodies: which encoding a model uses, what each API counts as text, and a bounded pool to count
 * on. docs/token-counting.md lists the rules per family. Imports leaves only.
 */
package io.costoptimal.gateway.tokens;
