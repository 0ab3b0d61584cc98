using System.Text.RegularExpressions;

namespace FlowKit.Configuration.Substitution;

/// <summary>Describes what stands between <c>${{</c> and <c>}}</c>.</summary>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Name">Its name there.</param>
internal sealed partial record VariableReference(VariableKind Kind, string Name)
{
    /// <summary>Reads <c>ENV.X</c>, <c>CONTEXT.x</c>, <c>x</c>, and recognises Jina's references to other keys.</summary>
    public static VariableReference Parse(string expression)
    {
        var match = Form().Match(expression.Trim());
        return match.Success
            ? new VariableReference(KindOf(match.Groups["scope"].Value), match.Groups["name"].Value)
            : new VariableReference(
                KeyReference().IsMatch(expression.Trim()) ? VariableKind.Key : VariableKind.Malformed, expression.Trim());
    }

    private static VariableKind KindOf(string scope) => scope is "ENV" or "env" ? VariableKind.Environment : VariableKind.Context;

    [GeneratedRegex(@"\A((?<scope>ENV|env|CONTEXT|context)\.)?(?<name>[A-Za-z0-9_]+)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\A(root|this)[.\[]")]
    private static partial Regex KeyReference();
}
