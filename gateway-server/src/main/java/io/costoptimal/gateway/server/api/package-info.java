/**
 * What operators and the dashboard ask by HTTP: usage, prices, providers, running requests, explanations and replays. Each class
 * answers one path or a few, on threads of {@link io.costoptimal.gateway.server.admin.Threads}; none may be called on an event
 * loop. {@code openapi.json} beside them describes every path.
 */
package io.costoptimal.gateway.server.api;
