using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

internal static class EtcdErrorRecord
{
    public static ErrorRecord ToErrorRecord(this EtcdException error) =>
        new(error, error.ErrorId, ToCategory(error.Category), error.Target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.RecommendedAction ?? "" },
        };

    private static ErrorCategory ToCategory(EtcdErrorCategory category) =>
        Enum.TryParse(category.ToString(), out ErrorCategory same) ? same : ErrorCategory.NotSpecified;
}
