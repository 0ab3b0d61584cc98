using System.Text.Json.Nodes;
using FlowKit.Hosting.Building;

namespace FlowKit.Hosting;

/// <summary>An entry of <c>executors:</c>, written in C#. Every key of a flow's file can be set; the usual ones have members.</summary>
public sealed class ExecutorBuilder
{
    private readonly JsonObject _entry;

    internal ExecutorBuilder(JsonObject entry)
    {
        _entry = entry;
        Uses = new UsesBuilder(entry);
    }

    /// <summary>Its options.</summary>
    public UsesBuilder Uses { get; }

    /// <summary>The number of replicas that run side by side, 1 to 1024. Default 1.</summary>
    public int Replicas
    {
        get => (int?)_entry["replicas"] ?? 1;
        set => _entry["replicas"] = value;
    }

    /// <summary>The number of shards that hold its state, 1 to 1024. Default 1.</summary>
    public int Shards
    {
        get => (int?)_entry["shards"] ?? 1;
        set => _entry["shards"] = value;
    }

    /// <summary>The device that its model runs on: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>. Default <c>cpu</c>.</summary>
    public string Device
    {
        get => (string?)_entry["device"] ?? "cpu";
        set => _entry["device"] = value;
    }

    /// <summary>
    /// The place where it runs: <c>in_process</c>, <c>process</c> or <c>container</c>. Default in the program's own process.
    /// </summary>
    public string? Runtime
    {
        get => (string?)_entry["runtime"];
        set => _entry["runtime"] = value;
    }

    /// <summary>Says what it receives documents from, instead of from the executor before it.</summary>
    /// <param name="names">Names of executors, or <c>gateway</c>.</param>
    public ExecutorBuilder Needs(params IEnumerable<string> names) => Set("needs", names);

    /// <summary>Sets an environment variable of the executor.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    public ExecutorBuilder Env(string name, string value)
    {
        if (_entry["env"] is not JsonObject variables)
        {
            _entry["env"] = variables = [];
        }

        variables[name] = value;
        return this;
    }

    /// <summary>Sets any key of the entry, as a flow's file has it.</summary>
    /// <param name="key">For example <c>timeout_ready</c>.</param>
    /// <param name="value">Its value; <see langword="null"/> takes the key away.</param>
    public ExecutorBuilder Set(string key, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _entry.Remove(key);
        if (value is not null)
        {
            _entry[key] = JsonValues.ToJson(value);
        }

        return this;
    }
}
