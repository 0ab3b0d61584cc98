using System.Text.RegularExpressions;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Substitution;

/// <summary>Replaces <c>${{ … }}</c> in every value. A value of the environment may be a secret: no message ever holds one.</summary>
internal sealed partial class VariableSubstitution(FlowReadOptions options, ConfigDiagnostics diagnostics)
{
    public YamlNode Apply(YamlNode node) => Apply(node, "");

    private YamlNode Apply(YamlNode node, string path) => node switch
    {
        YamlMapping mapping =>
            new YamlMapping(
                mapping.Place,
                [.. mapping.Entries.Select(entry => entry with { Value = Apply(entry.Value, KeyTable.Join(path, entry.Key)) })]),
        YamlSequence list =>
            new YamlSequence(list.Place, [.. list.Items.Select((item, index) => Apply(item, PathOf(path, item, index)))]),
        YamlScalar scalar => Apply(scalar, path),
        _ => node,
    };

    private static string PathOf(string path, YamlNode item, int index) =>
        FlowKeys.Executors.Names.Contains(path) ? ExecutorNames.PathOf(item, index) : $"{path}[{index}]";

    private YamlScalar Apply(YamlScalar scalar, string path)
    {
        var substituted = Substitute(scalar, path);
        if (IsVariable(path) && SecretValues.IsNamedSo(path[(path.LastIndexOf('.') + 1)..]))
        {
            SecretValues.Add(substituted.Value);
        }

        return substituted;
    }

    /// <summary>Tells whether a key is an entry of <c>env</c>.</summary>
    private static bool IsVariable(string path) =>
        path.StartsWith("env.", StringComparison.Ordinal) || path.Contains(".env.", StringComparison.Ordinal);

    private YamlScalar Substitute(YamlScalar scalar, string path)
    {
        if (scalar.Form is ScalarForm.Plain or ScalarForm.Given && OldForm().Match(scalar.Value) is { Success: true } old)
        {
            diagnostics.Add(
                scalar.Place, path, $"Jina's old form {scalar.Shown} is not read; write ${{{{ ENV.{old.Groups["name"].Value} }}}}");
            return scalar.Substitute(scalar.Value, ScalarForm.Unresolved);
        }

        if (!scalar.Value.Contains("${{", StringComparison.Ordinal))
        {
            return scalar;
        }

        var failed = false;
        var value = Variable().Replace(scalar.Value, match =>
        {
            var resolved = Resolve(match, scalar, path);
            failed |= resolved is null;
            return resolved ?? "";
        });
        return scalar.Substitute(failed ? scalar.Value : value, failed ? ScalarForm.Unresolved : ScalarForm.Substituted);
    }

    private string? Resolve(Match match, YamlScalar scalar, string path)
    {
        if (!match.Groups["end"].Success)
        {
            diagnostics.Add(scalar.Place, path, "'${{' is not closed with '}}'");
            return null;
        }

        var reference = VariableReference.Parse(match.Groups["expression"].Value);
        var value = reference.Kind switch
        {
            VariableKind.Environment => options.Environment(reference.Name),
            VariableKind.Context => options.Context.GetValueOrDefault(reference.Name),
            _ => null,
        };
        if (value is null)
        {
            diagnostics.Add(scalar.Place, path, Explain(reference));
        }
        else if (reference.Kind == VariableKind.Environment && (IsVariable(path) || SecretValues.IsNamedSo(reference.Name)))
        {
            SecretValues.Add(value);
            if (SecretValues.IsNamedSo(reference.Name) || SecretValues.IsNamedSo(path[(path.LastIndexOf('.') + 1)..]))
            {
                // It is for the executor that the file gives it to, not for all that inherit the environment.
                SecretVariables.Add(reference.Name);
            }
        }

        return value;
    }

    private string Explain(VariableReference reference) => reference.Kind switch
    {
        VariableKind.Environment => $"the environment variable {reference.Name} is not set",
        VariableKind.Context => $"no context value '{reference.Name}' is given{NearestName.Hint(reference.Name, options.Context.Keys)}",
        VariableKind.Key =>
            $"not supported yet: references to other keys ('{YamlScalar.Shorten(reference.Name)}'); use ENV.NAME or CONTEXT.name",
        _ => $"'{YamlScalar.Shorten(reference.Name)}' is not a variable; expected ENV.NAME, CONTEXT.name or name",
    };

    [GeneratedRegex(@"\$\{\{(?<expression>[^{}]*)(?<end>\}\})?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))(/|\z)")]
    private static partial Regex OldForm();
}
