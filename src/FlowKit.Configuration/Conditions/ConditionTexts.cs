using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Conditions;

/// <summary>
/// Keeps the values of variables as texts where a query compares with texts only: <c>007</c> under <c>id</c> is not the number 7.
/// </summary>
internal static class ConditionTexts
{
    /// <summary>Returns the query with the values of variables as texts where texts are compared.</summary>
    public static YamlMapping Keep(YamlMapping query) => (YamlMapping)Keep(query, isText: false);

    private static YamlNode Keep(YamlNode node, bool isText) => node switch
    {
        YamlMapping mapping =>
            new YamlMapping(
                mapping.Place, [.. mapping.Entries.Select(entry => entry with { Value = Keep(entry.Value, IsText(entry.Key, isText)) })]),
        YamlSequence list => new YamlSequence(list.Place, [.. list.Items.Select(item => Keep(item, isText))]),
        YamlScalar { KeepsText: true } scalar when isText => scalar.AsText(),
        _ => node,
    };

    private static bool IsText(string key, bool outer)
    {
        if (key.StartsWith('$'))
        {
            return FieldOperator.ByName.TryGetValue(key, out var found) ? IsText(found, outer) : outer;
        }

        var parts = key.Split("__");
        var isText = DocumentField.ByName.GetValueOrDefault(parts[0]) is { IsText: true };
        return parts.Length > 1 && FieldOperator.ByLookup.TryGetValue(parts[^1], out var lookup) ? IsText(lookup, isText) : isText;
    }

    private static bool IsText(FieldOperator found, bool isTextField) => found.Form switch
    {
        OperandForm.Text or OperandForm.Pattern => true,
        OperandForm.Size or OperandForm.Flag => false,
        _ => isTextField,
    };
}
