using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>
/// The environment variables that a flow refers to. Their values stay out of what is exported: where one stood, the reference stands
/// again, and the engine is to give the variable to whoever needs it. One that is not set here need not be.
/// </summary>
/// <param name="environment">Looks a variable up.</param>
internal sealed class FlowVariables(Func<string, string?> environment)
{
    /// <summary>A shorter value stands inside other texts by chance.</summary>
    private const int MinPartLength = 6;

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Finds the value of a variable; where there is none, a text that stands for it.</summary>
    public string? Find(string name) => _values[name] = environment(name) ?? $"the-value-of-{name}";

    /// <summary>Puts the references back into a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="used">Gets the variables that it refers to.</param>
    public string Restore(string text, ISet<string> used)
    {
        foreach (var (name, value) in _values.OrderByDescending(pair => pair.Value.Length))
        {
            if (text == value || (value.Length >= MinPartLength && text.Contains(value, StringComparison.Ordinal)))
            {
                used.Add(name);
                text = text.Replace(value, $"${{{{ ENV.{name} }}}}", StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <summary>Finds the variable whose value an entry of <c>env</c> is; one that is named as a secret is its own.</summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="value">Its value.</param>
    public string? SourceOf(string name, string value)
    {
        foreach (var (known, text) in _values)
        {
            if (text == value)
            {
                return known;
            }
        }

        return SecretValues.IsNamedSo(name) ? name : null;
    }
}
