using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace FlowKit.Components;

/// <summary>
/// Checks an options class by its validation attributes. <see cref="Validator"/> would do the same, but keeps every class that it has seen
/// for ever, so that none could unload.
/// </summary>
internal static class OptionsValidator
{
    /// <summary>The property and what is wrong with it; an empty name for the whole.</summary>
    /// <param name="options">The options.</param>
    /// <param name="folder">Where what they name is looked for; <see langword="null"/> for nowhere.</param>
    public static IEnumerable<(string Property, string Message)> Check(object options, string? folder = null)
    {
        var valid = true;
        foreach (
            var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(
                property => property.CanRead && property.GetIndexParameters().Length == 0))
        {
            foreach (var message in Check(options, property))
            {
                valid = false;
                yield return (property.Name, message);
            }
        }

        if (valid && options is IValidatableObject own)
        {
            foreach (
                var result in own.Validate(
                    ContextOf(options, folder)).Where(result =>
                        result != ValidationResult.Success))
            {
                yield return (result.MemberNames.FirstOrDefault() ?? "", result.ErrorMessage ?? "not valid");
            }
        }
    }

    private static ValidationContext ContextOf(object options, string? folder) =>
        new(options, folder is null ? null : new Dictionary<object, object?> { [CheckedOptions.Folder] = folder })
        {
            DisplayName = options.GetType().Name,
        };

    /// <summary>Checks what is required first: nothing else can be said of what is not there.</summary>
    private static IEnumerable<string> Check(object options, PropertyInfo property)
    {
        var context = new ValidationContext(options) { MemberName = property.Name, DisplayName = property.Name };
        var value = property.GetValue(options);
        var attributes = property.GetCustomAttributes<ValidationAttribute>(inherit: true).ToList();
        var required = attributes.OfType<RequiredAttribute>().FirstOrDefault()?.GetValidationResult(value, context);
        return required is not null
            ? [required.ErrorMessage ?? "not valid"]
            : attributes.Where(attribute => attribute is not RequiredAttribute).Select(
                attribute =>
                    attribute.GetValidationResult(value, context)).OfType<ValidationResult>().Select(result =>
                        result.ErrorMessage ?? "not valid");
    }
}
