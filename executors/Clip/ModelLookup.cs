using System.ComponentModel.DataAnnotations;
using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>Looks for the model that options name, where options are checked without a start.</summary>
internal static class ModelLookup
{
    /// <summary>Returns why the model is not there.</summary>
    /// <param name="model">Its name or path.</param>
    /// <param name="option">The option that names it.</param>
    /// <param name="context">The context of the check.</param>
    public static IEnumerable<ValidationResult> Check(string model, string option, ValidationContext context)
    {
        if (CheckedOptions.FolderOf(context) is not { } folder)
        {
            return [];
        }

        if (string.IsNullOrWhiteSpace(model))
        {
            return [new ValidationResult("expected a model's name or its folder, not a blank text", [option])];
        }

        try
        {
            ClipModelFolder.Find(ClipShare.Resolve(model, folder));
            return [];
        }
        catch (FlowKitException exception)
        {
            return [new ValidationResult(exception.Message.TrimEnd('.'), [option])];
        }
    }
}
