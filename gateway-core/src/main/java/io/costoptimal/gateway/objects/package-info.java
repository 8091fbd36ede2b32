/** Whose the objects are that providers keep: who asks for one, who makes one, and what is remembered of that. */
package io.costoptimal.gateway.objects;
