/**
 * What a request used: a tap that reads the provider's own figures out of passing answers, without holding them. Imports
 * leaves only.
 */
package io.costoptimal.gateway.account;
