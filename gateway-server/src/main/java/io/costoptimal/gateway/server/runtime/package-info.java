/**
 * The running process: the engine with its log, metrics, model lists and health, and the signals that reload, drain and
 * stop it.
 */
package io.costoptimal.gateway.server.runtime;
