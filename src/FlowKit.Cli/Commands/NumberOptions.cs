using System.CommandLine;

namespace FlowKit.Cli.Commands;

/// <summary>Checks of numbers on the command line.</summary>
internal static class NumberOptions
{
    private const double MaxSeconds = 1e6;

    public static void RequireAtLeast(this Option option, int least) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < least)
        {
            result.AddError($"{option.Name}: expected a whole number of at least {least}.");
        }
    });

    public static void RequireSeconds(this Option<double> option) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double>() is not (>= 0 and < MaxSeconds))
        {
            result.AddError($"{option.Name}: expected a number of seconds of at least 0.");
        }
    });
}
