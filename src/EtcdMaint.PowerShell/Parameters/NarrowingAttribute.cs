using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Marks a parameter without which a cmdlet would do more, or do it elsewhere. An unset variable as its value must not
/// do what leaving the parameter out does, so the cmdlet ends before it begins. An empty cell of a CSV file, which
/// comes through the pipeline, stays a value that was not given.
/// </summary>
/// <param name="type">The type of a nullable parameter, for which empty text is null: PowerShell would read it as
/// 0.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NarrowingAttribute(Type? type = null) : ArgumentTransformationAttribute
{
    private readonly EmptyCellAsNullAttribute? _blank = type is null ? null : new EmptyCellAsNullAttribute(type);

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        _blank is null ? inputData : _blank.Transform(engineIntrinsics, inputData);

    /// <summary>The narrowing parameter that the command line gives without a value; null when there is none.</summary>
    /// <param name="cmdlet">The cmdlet, before the pipeline binds anything.</param>
    public static string? FindEmpty(PSCmdlet cmdlet) =>
        cmdlet
            .MyInvocation.BoundParameters.Where(bound =>
                IsEmpty(bound.Value)
                && cmdlet.GetType().GetProperty(bound.Key)?.GetCustomAttribute<NarrowingAttribute>() is not null
            )
            .Select(bound => bound.Key)
            .FirstOrDefault();

    private static bool IsEmpty(object? value) =>
        value switch
        {
            null => true,
            string text => string.IsNullOrWhiteSpace(text),
            IEnumerable items => items.Cast<object?>().All(IsEmpty),
            _ => false,
        };
}
