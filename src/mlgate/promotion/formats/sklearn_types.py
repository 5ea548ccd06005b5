"""What a skops file may name: scikit-learn's own classes by subpackage, and a few of NumPy's and Python's names.

A prefix such as `sklearn.` would not do: the modules below it hold functions and other people's classes, too.
"""

from __future__ import annotations

import re

from mlgate.promotion.formats.values import words

_ESTIMATORS = {
    "calibration": "CalibratedClassifierCV _CalibratedClassifier _SigmoidCalibration _TemperatureScaling",
    "cluster": """AffinityPropagation AgglomerativeClustering Birch BisectingKMeans DBSCAN FeatureAgglomeration HDBSCAN
        KMeans MeanShift MiniBatchKMeans OPTICS SpectralBiclustering SpectralClustering SpectralCoclustering
        _BisectingTree""",
    "compose": "ColumnTransformer TransformedTargetRegressor _RemainderColsList make_column_selector",
    "covariance": """EllipticEnvelope EmpiricalCovariance GraphicalLasso GraphicalLassoCV LedoitWolf MinCovDet OAS
        ShrunkCovariance""",
    "cross_decomposition": "CCA PLSCanonical PLSRegression PLSSVD",
    "decomposition": """DictionaryLearning FactorAnalysis FastICA IncrementalPCA KernelPCA LatentDirichletAllocation
        MiniBatchDictionaryLearning MiniBatchNMF MiniBatchSparsePCA NMF PCA SparseCoder SparsePCA TruncatedSVD""",
    "discriminant_analysis": "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis",
    "dummy": "DummyClassifier DummyRegressor",
    "ensemble": """AdaBoostClassifier AdaBoostRegressor BaggingClassifier BaggingRegressor ExtraTreesClassifier
        ExtraTreesRegressor GradientBoostingClassifier GradientBoostingRegressor HistGradientBoostingClassifier
        HistGradientBoostingRegressor IsolationForest RandomForestClassifier RandomForestRegressor RandomTreesEmbedding
        StackingClassifier StackingRegressor VotingClassifier VotingRegressor TreePredictor _BinMapper""",
    "feature_extraction": """CountVectorizer DictVectorizer FeatureHasher HashingVectorizer PatchExtractor
        TfidfTransformer TfidfVectorizer""",
    "feature_selection": """GenericUnivariateSelect RFE RFECV SelectFdr SelectFpr SelectFromModel SelectFwe SelectKBest
        SelectPercentile SequentialFeatureSelector VarianceThreshold""",
    "frozen": "FrozenEstimator",
    "gaussian_process": """CompoundKernel ConstantKernel DotProduct ExpSineSquared Exponentiation
        GaussianProcessClassifier GaussianProcessRegressor Hyperparameter Matern PairwiseKernel Product RBF
        RationalQuadratic Sum WhiteKernel _BinaryGaussianProcessClassifierLaplace""",
    "impute": "IterativeImputer KNNImputer MissingIndicator SimpleImputer",
    "isotonic": "IsotonicRegression",
    "kernel_approximation": "AdditiveChi2Sampler Nystroem PolynomialCountSketch RBFSampler SkewedChi2Sampler",
    "kernel_ridge": "KernelRidge",
    "linear_model": """ARDRegression BayesianRidge ElasticNet ElasticNetCV GammaRegressor HuberRegressor Lars LarsCV
        Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC LinearRegression LogisticRegression LogisticRegressionCV
        MultiTaskElasticNet MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV OrthogonalMatchingPursuit
        OrthogonalMatchingPursuitCV PassiveAggressiveClassifier PassiveAggressiveRegressor Perceptron PoissonRegressor
        QuantileRegressor RANSACRegressor Ridge RidgeCV RidgeClassifier RidgeClassifierCV SGDClassifier SGDOneClassSVM
        SGDRegressor TheilSenRegressor TweedieRegressor""",
    "manifold": "ClassicalMDS Isomap LocallyLinearEmbedding MDS SpectralEmbedding TSNE",
    "metrics": "EuclideanDistance EuclideanDistance32 EuclideanDistance64",
    "mixture": "BayesianGaussianMixture GaussianMixture",
    "model_selection": """FixedThresholdClassifier GridSearchCV GroupKFold HalvingGridSearchCV HalvingRandomSearchCV
        KFold RandomizedSearchCV StratifiedKFold TimeSeriesSplit TunedThresholdClassifierCV""",
    "multiclass": "OneVsOneClassifier OneVsRestClassifier OutputCodeClassifier _ConstantPredictor",
    "multioutput": "ClassifierChain MultiOutputClassifier MultiOutputRegressor RegressorChain",
    "naive_bayes": "BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB",
    "neighbors": """BallTree BallTree32 BallTree64 KDTree KDTree32 KDTree64 KNeighborsClassifier KNeighborsRegressor
        KNeighborsTransformer KernelDensity LocalOutlierFactor NearestCentroid NearestNeighbors
        NeighborhoodComponentsAnalysis RadiusNeighborsClassifier RadiusNeighborsRegressor
        RadiusNeighborsTransformer""",
    "neural_network": "AdamOptimizer BernoulliRBM MLPClassifier MLPRegressor SGDOptimizer",
    "pipeline": "FeatureUnion Pipeline",
    "preprocessing": """Binarizer FunctionTransformer KBinsDiscretizer KernelCenterer LabelBinarizer LabelEncoder
        MaxAbsScaler MinMaxScaler MultiLabelBinarizer Normalizer OneHotEncoder OrdinalEncoder PolynomialFeatures
        PowerTransformer QuantileTransformer RobustScaler SplineTransformer StandardScaler TargetEncoder""",
    "random_projection": "GaussianRandomProjection SparseRandomProjection",
    "semi_supervised": "LabelPropagation LabelSpreading SelfTrainingClassifier",
    "svm": "LinearSVC LinearSVR NuSVC NuSVR OneClassSVM SVC SVR",
    "tree": "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor",
    "utils": "Bunch MetadataRequest MethodMetadataRequest",
    "_loss": """AbsoluteError ExponentialLoss HalfBinomialLoss HalfGammaLoss HalfLogitLink HalfMultinomialLoss
        HalfPoissonLoss HalfSquaredError HalfTweedieLoss HalfTweedieLossIdentity HuberLoss IdentityLink Interval LogLink
        LogitLink MultinomialLogit PinballLoss""",
}
_LOSSES = {
    "_loss": """CyAbsoluteError CyExponentialLoss CyHalfBinomialLoss CyHalfGammaLoss CyHalfMultinomialLoss
        CyHalfPoissonLoss CyHalfSquaredError CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHuberLoss CyPinballLoss""",
    "linear_model": """EpsilonInsensitive Hinge Huber Log ModifiedHuber SquaredEpsilonInsensitive SquaredHinge
        SquaredLoss""",
}
_SCORES = {
    "feature_selection": """chi2 f_classif f_oneway f_regression mutual_info_classif mutual_info_regression
        r_regression"""
}
ESTIMATORS = {part: words(names) for part, names in _ESTIMATORS.items()}
LOSSES = {part: words(names) for part, names in _LOSSES.items()}
SCORES = {part: words(names) for part, names in _SCORES.items()}

SCALARS = words(
    """bool bool_ bytes_ complex128 complex64 datetime64 float16 float32 float64 int16 int32 int64 int8 intc intp
    longdouble longlong str_ timedelta64 uint16 uint32 uint64 uint8 uintc uintp ulonglong"""
)
ARRAY_FUNCTIONS = words(
    """abs absolute add arccos arcsin arctan cbrt ceil cos cosh deg2rad divide exp exp2 expm1 fabs floor isfinite isnan
    log log10 log1p log2 max maximum mean median min minimum multiply negative power rad2deg reciprocal rint sign sin
    sinh sqrt square std subtract sum tan tanh trunc var"""
)
SPECIAL_FUNCTIONS = words("boxcox boxcox1p erf expit gammaln inv_boxcox inv_boxcox1p log1p logit ndtr")
BIT_GENERATORS = words("MT19937 PCG64 PCG64DXSM Philox SFC64")
PLAIN = words("bool bytes complex dict float frozenset int list set str tuple")

_PART = re.compile(r"_?[a-z][a-z0-9_]*")


def is_sklearn(module: str, name: str, known: dict[str, frozenset[str]]) -> bool:
    """Whether `known` has the name under a module's subpackage of scikit-learn, in whatever private module it is."""
    package, *parts = module.split(".")
    if package != "sklearn" or not parts or "tests" in parts or not all(_PART.fullmatch(part) for part in parts):
        return False
    return name in known.get(parts[0], frozenset())
