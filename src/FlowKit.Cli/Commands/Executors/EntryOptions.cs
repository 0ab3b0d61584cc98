using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli.Commands.Executors;

/// <summary>The keys of an executor's entry that <c>flowkit executor</c> takes as a flow would write them.</summary>
internal sealed class EntryOptions
{
    private readonly Option<string?> _requests = Json("--uses-requests", "Endpoints bound anew, as a JSON object: {\"/words\": \"Run\"}.");
    private readonly Option<string?> _batching = Json(
        "--uses-dynamic-batching", "How requests are put together, as a JSON object: {\"/encode\": {\"preferred_batch_size\": 64}}.");

    private readonly Option<string?> _device = new("--device") { Description = "Where its model runs: cpu, cuda or cuda:1." };

    /// <param name="command">Gets them.</param>
    public EntryOptions(Command command)
    {
        command.Add(_requests);
        command.Add(_batching);
        command.Add(_device);
    }

    /// <summary>Sets the keys that are given.</summary>
    public void SetOn(JsonObject entry, ParseResult result)
    {
        Set("uses_requests", result.GetValue(_requests) is { } requests ? JsonNode.Parse(requests) : null);
        Set("uses_dynamic_batching", result.GetValue(_batching) is { } batching ? JsonNode.Parse(batching) : null);
        Set("device", result.GetValue(_device));

        void Set(string key, JsonNode? value)
        {
            if (value is not null)
            {
                entry[key] = value;
            }
        }
    }

    private static Option<string?> Json(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(RequireObject);
        return option;
    }

    private static void RequireObject(OptionResult result)
    {
        try
        {
            if (result.Tokens is not [var token, ..] || JsonNode.Parse(token.Value) is JsonObject)
            {
                return;
            }
        }
        catch (JsonException)
        {
            // Told below.
        }

        result.AddError($"{result.Option.Name}: expected a JSON object.");
    }
}
