using System.Collections;
using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;

namespace Aspire.Hosting.Flows;

/// <summary>
/// The values that a flow's variables have while an app host is written. One that only the running flow knows has a text that stands for
/// it, and what is wrong with that text is no mistake.
/// </summary>
/// <param name="given">The context that the app host gives; <see langword="null"/> for a value that is not known yet.</param>
/// <param name="isAll">Tells whether that is all of it; otherwise more may be given.</param>
internal sealed class UnknownValues(IReadOnlyDictionary<string, string?> given, bool isAll) : IReadOnlyDictionary<string, string>
{
    /// <summary>An identifier, as names of executors are.</summary>
    private const string StandIn = "value_known_when_run";

    private bool _isUsed;

    public IEnumerable<string> Keys => given.Keys;

    public IEnumerable<string> Values => given.Keys.Select(key => this[key]);

    public int Count => given.Count;

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <summary>Finds an environment variable; the flow's may have others than the app host's.</summary>
    public string? Find(string name) => Environment.GetEnvironmentVariable(name) ?? Unknown();

    public bool ContainsKey(string key) => !isAll || given.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = !given.TryGetValue(key, out value) && isAll ? null : value ?? Unknown();
        return value is not null;
    }

    /// <summary>Tells whether a mistake may be one of a stand-in: it is told of a line with a variable, or names came from one.</summary>
    public bool MayCause(ConfigError error, FlowConfig config) => _isUsed
        && (HasVariable(error.Place) || config.Executors.Any(executor => executor.Name.Contains(StandIn, StringComparison.Ordinal)));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        given.Keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool HasVariable(SourcePlace place) => File.Exists(place.File)
        && File.ReadLines(place.File).ElementAtOrDefault(place.Line - 1)?.Contains('$', StringComparison.Ordinal) == true;

    private string Unknown()
    {
        _isUsed = true;
        return StandIn;
    }
}
