/**
 * TLS of listeners: certificates and their keys from PEM files, which of them a client gets by the name it asks for, sessions that
 * are resumed, and what becomes of those who do not speak TLS. Imports leaves only; the base package puts it into pipelines.
 */
package io.costoptimal.gateway.tls;
