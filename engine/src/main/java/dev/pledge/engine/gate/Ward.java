package dev.pledge.engine.gate;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Vault;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * What is looked through.
 *
 * @param again opens the key store once more, as it is then
 * @param deep whether everything is opened, or a sample
 * @param looked told how many people, and log entries, were looked at
 */
record Ward(
    Database database,
    KeyStore keyStore,
    Supplier<KeyStore> again,
    Vault vault,
    Vocabulary vocabulary,
    List<LogReader> logs,
    boolean deep,
    LongConsumer looked) {}
