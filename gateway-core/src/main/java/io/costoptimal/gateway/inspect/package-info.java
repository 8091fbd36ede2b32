/**
 * Reads a request body while it arrives: holds it, checks that it is one strict JSON object, and finds the few members
 * that decide where the request goes. Nothing goes further before the last byte was understood, because a late duplicate
 * could change what a provider reads. Imports leaves and {@code stage}.
 */
package io.costoptimal.gateway.inspect;
