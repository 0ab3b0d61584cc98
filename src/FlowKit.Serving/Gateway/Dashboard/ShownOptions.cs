using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>The options of an executor as an operator may see them: <c>***</c> stands for whatever may be a secret.</summary>
internal static partial class ShownOptions
{
    private const string Mask = "***";

    private static readonly string[] s_secretNames = ["CONNECTION", "CREDENTIAL", "AUTH", "METADATA", "PASSWD", "DSN"];

    /// <summary>Returns a copy of the options without secrets: by the names of the keys, and by what the values look like.</summary>
    public static JsonObject Of(ExecutorConfig executor) => (JsonObject)Show(executor.UsesWith)!;

    private static JsonNode? Show(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(
            pair => KeyValuePair.Create(pair.Key, IsSecretName(pair.Key) && pair.Value is not null ? Mask : Show(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Show)]),
        JsonValue value when value.TryGetValue<string>(out var text) => ShowText(text),
        _ => node?.DeepClone(),
    };

    private static string ShowText(string text)
    {
        var shown = SecretValues.Scrub(text);
        return Account().IsMatch(shown) || Password().IsMatch(shown) ? Mask : shown;
    }

    private static bool IsSecretName(string name) =>
        SecretValues.IsNamedSo(name) || s_secretNames.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>An address with a name and a password before its host.</summary>
    [GeneratedRegex("://[^/@]*:[^/@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex Account();

    /// <summary>A part of a connection string.</summary>
    [GeneratedRegex(@"\b(password|pwd|secret|token)\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Password();
}
