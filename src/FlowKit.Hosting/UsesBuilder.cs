using System.Text.Json.Nodes;
using FlowKit.Hosting.Building;

namespace FlowKit.Hosting;

/// <summary>The options of an executor: <c>uses_with</c> and <c>uses_requests</c>.</summary>
public sealed class UsesBuilder
{
    private readonly JsonObject _entry;

    internal UsesBuilder(JsonObject entry) => _entry = entry;

    /// <summary>Sets one option.</summary>
    /// <param name="option">Its name in snake_case, such as <c>model</c>.</param>
    /// <param name="value">Its value: text, a number, a truth value, a list, or an object.</param>
    public UsesBuilder With(string option, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(option);
        Section("uses_with")[option] = JsonValues.ToJson(value);
        return this;
    }

    /// <summary>Sets every option that an object has.</summary>
    /// <param name="options">
    /// An object whose properties are options, such as <c>new { Model = "ViT-B/32" }</c> or the executor's options class.
    /// </param>
    public UsesBuilder With(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (
            var (name, value) in JsonValues.ToJson(options) as JsonObject
                ?? throw new ArgumentException($"{options.GetType().Name} has no properties that could be options.", nameof(options)))
        {
            Section("uses_with")[name] = value?.DeepClone();
        }

        return this;
    }

    /// <summary>Binds an endpoint to a method of the executor, over what its attributes say.</summary>
    /// <param name="endpoint">For example <c>/foo</c>.</param>
    /// <param name="method">The method's name.</param>
    public UsesBuilder Requests(string endpoint, string method)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        Section("uses_requests")[endpoint] = method;
        return this;
    }

    private JsonObject Section(string key)
    {
        if (_entry[key] is not JsonObject section)
        {
            _entry[key] = section = [];
        }

        return section;
    }
}
