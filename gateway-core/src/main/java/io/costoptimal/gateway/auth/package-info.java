/**
 * The first stage: who is asking. A key is found in the head, so that nobody uploads a body before being let in.
 * Imports leaves and {@code stage}.
 */
package io.costoptimal.gateway.auth;
