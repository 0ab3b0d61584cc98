using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowKit.Cli.Commands;

/// <summary>Checks of numbers on the command line.</summary>
internal static class NumberOptions
{
    private const double MaxSeconds = 1e6;

    public static void RequireAtLeast(this Option option, int least) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && ValueOf<int>(result) < least)
        {
            result.AddError($"{option.Name}: expected a whole number of at least {least}.");
        }
    });

    public static void RequireSeconds(this Option<double> option) => option.Validators.Add(result =>
    {
        if (ValueOf<double>(result) is not (null or (>= 0 and < MaxSeconds)))
        {
            result.AddError($"{option.Name}: expected a number of seconds of at least 0.");
        }
    });

    /// <summary>The value; nothing for what is no number, which the parser itself refuses after this.</summary>
    private static T? ValueOf<T>(OptionResult result) where T : struct
    {
        try
        {
            return result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
