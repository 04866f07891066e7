"""What the parameters of other people's constructors and functions are called, and what each may mean.

A name has one or several meanings, the likeliest first; :mod:`.context` turns a meaning into the value for a case.
  Names are compared in lower case without underscores.
"""

import functools
import re


def _words(text: str) -> list[str]:
    return text.split()


KERNEL = _words("""
    w weights weight kernel kernels filters filter filt wt wc theta kernelweights initweights initialweights
    initialw wt1 wconv wmat convw convweights filterweights filterbank k f params0 weightmatrix
""")
BIAS = _words("""
    b bc bias biases biasvector initbias initialbias initialb bvec convb beta bconv biasweights
""")
STRIDE = _words("""
    stride strides s step stridesize st strideshape convstride stridelength str stridehw striderow stridecol
    strideh stridew stridex stridey sh sw
""")
PAD = _words("""
    pad padding p padsize paddings padwidth zeropad zeropadding npad padamount convpad paddingsize padh padw padhw
    ph pw pads
""")
MODE = _words("""
    mode paddingmode padmode paddingtype padtype convmode border bordermode pooltype poolmode poolingtype
    poolingmode
""")
IN = _words("""
    xch nch ninch inchannels ichannels inputchannels cin inc inch ninchannels nin inputdepth indepth inplanes
    infeatures channelsin ic numinputchannels ninput numchannels nchannels channels channel c d inputdim
    ninputchannels inchannel inputchannel nc depthin nbchannels inputmaps ninmaps infilters prevchannels
    channelsinput ncin fin numinchannels chin inpfea infea infeats inputsizechannels inputplanes prevdepth
    infeaturemaps nif inputfilters depth
""")
OUT = _words("""
    nflt features outchannels ochannels outputchannels cout outc outch noutchannels nout outputdepth outdepth
    outplanes outfeatures channelsout oc numoutputchannels numfilters nfilters filters nfilter filtercount
    numkernels nkernels kernels depth outputdim noutputchannels filternum filtersnum numfilter nf fn outchannel
    outputchannel kernelnum kernelsnum kernelcount nfeatures numfeatures nmaps maps k f units neurons
    numberoffilters nkernel countfilters filteramount numkernel o c nc channels nchannels numchannels outmaps
    outputmaps outfilters ncout filterno nof fout n nkern channelsoutput numoutchannels nboffilters
    numberofkernels outfea outfeats nbfilters nbfilter filtersamount num outfeaturemaps chout outputplanes
""")
SIZE = _words("""
    flth fltw kernelsize filtersize convolutionshape convshape ksize k size f fsize kernel filter kernelshape
    filtershape kernelsz window fs ks filterdim kerneldim receptivefield windowsize filterwidth kernelwidth
    filterheight kernelheight kh kw fh fw poolsize kernelh kernelw filterh filterw poolh poolw poolheight
    poolwidth kerneldims kernelx kernely hk wk hf wf ksz filterhw sizeofkernel sizeoffilter filtersz pool
    poolshape convsize spatialextent fshape kshape p pooling poolingsize kersize kerneledge kernellen sizekernel
    convkernelsize windowshape kernelsizehw shape weightshape weightsshape wshape
""")
INPUT_SHAPE = _words("""
    inputshape inshape shape inputsize insize isize ishape inputdims inputdim imgshape imageshape xshape dimin
    inputdimensions imgsize imagesize indim inputs inputimageshape inputimagesize prevshape shapein insz inputsz
    inputdimension sizeinput shapeinput imshape prevlayershape
""")
OUTPUT_SHAPE = _words("""
    outputshape outshape shapeout outputsize outsize sizeout layersize layershape outputdims outputdimensions
    outdims
""")
HEIGHT = _words("xh inputheight height h inheight hin inh imageheight imgheight inputh hprev inputsizeh imgh")
WIDTH = _words("xw inputwidth width w inwidth win inw imagewidth imgwidth inputw wprev inputsizew imgw")
BATCH = _words("batchsize batch n m nbatch bs nsamples numexamples numsamples")
X = _words("""
    x input inputs inp inpt volume image images img a aprev xin data inputdata inputtensor prevactivation z inputx
    inputvolume inputimage inputarray layerinput aprevious ain prev previnput inputmap inputlayer features
    imagearray inputactivation inputval xbatch batch inputfeature inputmatrix prevoutput act prevact inputvalue
    cachedinput inputfeatures tensor xs im lastinput inputimages h inputmaps prevactivations bottom hprev
    activations
""")
DELTA = _words("""
    dout dzdy dz d delta dy grad gradoutput gradout gradientoutput outputgradient outgrad gradient error da dldout
    dldoutput doutput dh ddout upstream upstreamgrad upstreamgradient accumgrad outputgrad dldz dldy deltas err
    dldo dl nextgrad gradients topgrad g douts grads dldp dnext dvalues errors gradin eta dzl outputerror dlda
    deltaout dx prevgrad backgrad inputgrad outputdelta inputgradient gradinput nextdelta lossgradient lossgrad
    layererr layererror errlayer gradsout dlossdoutput dout0 residual outerr gout gy dcost nextgradient
    gradfromnext dcdz dcda dloss dprev gradprev dj dlout top downstream dupstream sensitivity outputsgradient
    dvalue dnextlayer gradnext sensitivityarray nexterror dconv deltal outputgradients dhnext dznext upgrad
    upgradient inerror dz1 graddout forwardgrad errorsignal backpropagatedgradient dldx dlds deltanext
    lossgradients nextlayergrad nextlayerdelta dldout1
""")
CACHE = _words("""
    cache caches ctx context memory saved tape cached convcache cachedata savedtensors mem store
""")
SINK = _words("outfile logfile log file fp logger writer stream fh filehandle summarywriter")
AXES = _words("dim ndim ndims dimension dimensions rank nd numdims ndimensions")
CENTRE = _words("center centre kernelcenter kernelcentre anchor origin filtercenter filtercentre")
NODE = _words("node opnode graphnode")
RATE = _words("""
    lr learningrate learnrate alpha eta rate stepsize learningspeed epsilon lrate learningr learn learningparameter
    lrn step
""")
OUTPUT = _words("output out y z o aout activation conv result a outputs")
SETTINGS = _words("""
    layerdescription description hparameters hparams convparam convparams parameters params hyperparameters config
    conf cfg parameter hyperparams hyper opts options param layerparams convdict hparam layer
""")
OPTIMISER = _words("optimizer optimiser opt optim updater solver optimizerobject optimizationmethod")
NO = _words("""
    training istraining train istrain test debug verbose trainable useoptimizer fast regularize clip mask adam
    useadam rmsprop adagrad nesterov usemomentum firstlayer isfirst l2 l1 reg regularization weightdecay decay
    lambda lambd lamda momentum l2lambda regstrength regfactor
""")
NONE = _words(
    """activation act activationfunction activationfn activationfunc nonlinearity activ actfunc activationname"""
)
INITIALISER = _words("""
    initializer init weightsinitializer weightinitializer kernelinitializer biasinitializer winit binit initialiser
    weightinit biasinit initfn weightinitfn biasinitfn initialization method weightsinit initmethod
""")
LABEL, STORE = _words("name layername label tag scope"), _words("grads gradients gradstore store params parameters")
ONE = _words("group groups ngroups numgroups dilation dilations dilationrate dilate")
GIVEN = _words("input inputs inpt img image images x data inputdata inputimage")  # to a constructor
PADDINGS = _words("same valid full")
YES = _words("usebias hasbias withbias biasflag")


def squeezed(name: str) -> str:
    """A name in lower case without underscores."""
    return re.sub("[^a-z0-9]", "", name.lower())


# what each site may be asked for, in the order in which meanings are tried
MAKE = [
    ("K", KERNEL),
    ("b", BIAS),
    ("stride", STRIDE),
    ("pad", PAD),
    ("mode", MODE),
    ("C", IN),
    ("O", OUT),
    ("k", SIZE),
    ("centre", CENTRE),
    ("axes", AXES),
    ("sink", SINK),
    ("input shape", INPUT_SHAPE),
    ("output shape", OUTPUT_SHAPE),
    ("H", HEIGHT),
    ("W", WIDTH),
    ("N", BATCH),
    ("lr", RATE),
    ("settings", SETTINGS),
    ("optimiser", OPTIMISER),
    ("no", NO),
    ("single", ONE),
    ("linear", NONE),
    ("yes", YES),
    ("initialiser", INITIALISER),
    ("label", LABEL),
    ("store", STORE),
    ("X", GIVEN),
]
FORWARD = [
    ("bag", CACHE),
    ("X", X),
    ("K", KERNEL),
    ("b", BIAS),
    ("stride", STRIDE),
    ("pad", PAD),
    ("mode", MODE),
    ("settings", SETTINGS),
    ("k", SIZE),
    ("O", OUT),
    ("C", IN),
    ("no", NO),
    ("single", ONE),
    ("lr", RATE),
    ("linear", NONE),
    ("N", BATCH),
    ("sink", SINK),
]
BACKWARD = [
    ("delta", DELTA),
    ("cache", CACHE),
    ("node", NODE),
    ("X", X),
    ("K", KERNEL),
    ("b", BIAS),
    ("lr", RATE),
    ("stride", STRIDE),
    ("pad", PAD),
    ("mode", MODE),
    ("settings", SETTINGS),
    ("Z", OUTPUT),
    ("optimiser", OPTIMISER),
    ("k", SIZE),
    ("no", NO),
    ("single", ONE),
    ("linear", NONE),
    ("N", BATCH),
    ("input shape", INPUT_SHAPE),
    ("store", STORE),
    ("sink", SINK),
]
SITES = {"make": MAKE, "forward": FORWARD, "backward": BACKWARD, "step": BACKWARD}

FORWARDS = _words("""
    forward __call__ forward_pass forward_propagation forward_prop forwardprop feedforward feed_forward fwd fprop
    propagate forward_propagate call convolve conv conv_forward run predict compute apply forwards forwardpass
    forwardPass forwardPropagation forward_conv activate output get_output process conv2d convolution Forward
    f_prop forwards_pass frente propaga propagar propager avanti vorwaerts vorwärts adelante hacia_adelante
    _forwards _forward ff cnnff
""")
BACKWARDS = _words("""
    backward backward_pass backward_propagation backward_prop backprop back_prop backpropagation back_propagation
    back_propogation backpropogation bwd bprop backpropagate back_propagate backwards backwardpass backwardPass
    backwardPropagation backPropagation conv_backward backward_conv grad gradient back Backward b_prop tras
    retropropaga retropropagar retropropager retropropagation indietro rueckwaerts rückwärts atras atrás _backwards
    _backward_pass vjp pullback pull bp cnnbp derive
""")
STEPS = _words("""
    update step update_params update_weights update_parameters apply_gradients updateParams updateWeights
    apply_grads optimize update_weight learn sgd apply_gradient update_grads upgrade fit gradient_step
    updateKernels update_kernels update_filters
""")
BUILDS = _words("""
    initialize build connect_to initialize_weights init_layer init_weights initialise init_params init setup
    initialize_parameters init_parameters _init_params set_input_shape compile
""")


# names under which an object keeps its one array, as in weights.data: they say nothing
WRAPPERS = _words(
    "data value values val elements array arr tensor numpy nparray matrix param parameter params parameters vars"
)


def meanings(site: str, name: str) -> list[str]:
    """What a parameter of this name may mean at "make", "forward" or "backward"; [] for an unknown name."""
    return list(_meanings(site, name))


@functools.lru_cache(maxsize=4096)
def _meanings(site: str, name: str) -> tuple[str, ...]:
    for wanted in (squeezed(name), squeezed(name).rstrip("0123456789")):  # W1 is W
        found = tuple(meaning for meaning, known in SITES[site] if wanted in known)
        if found:
            break
    return found


def is_image(name: str) -> bool:
    """Whether a name says nothing in a constructor, and X in a forward pass."""
    return not meanings("make", name) and meanings("forward", name)[:1] == ["X"]
