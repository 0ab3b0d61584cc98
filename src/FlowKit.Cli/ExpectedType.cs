using System.Text.RegularExpressions;

namespace FlowKit.Cli;

/// <summary>Says what an option is to be in the words of people instead of in .NET's types.</summary>
internal static partial class ExpectedType
{
    /// <summary>Returns an error of the command line with the name of a type said in words.</summary>
    public static string Explain(string message) =>
        Form().Replace(message, match => $"; expected {Words(match.Groups["type"].Value)}.");

    private static string Words(string type) => type switch
    {
        "System.Int32" or "System.Int64" or "System.UInt32" => "a whole number",
        "System.Double" or "System.Single" or "System.Decimal" => "a number",
        "System.Boolean" => "true or false",
        "System.Uri" => "an address such as http://localhost:8080",
        _ => $"a {type[(type.LastIndexOf('.') + 1)..]}",
    };

    [GeneratedRegex(@" as expected type '(System\.Nullable`1\[)?(?<type>[^'\[\]]+)\]?'\.?")]
    private static partial Regex Form();
}
